import bitshuffle
import numpy as np

for kind in ("i2", "i4", "f8", "u1"):
    a = (np.arange(9000) * 7).astype(kind)
    assert (bitshuffle.bitunshuffle(bitshuffle.bitshuffle(a)) == a).all()
    assert (bitshuffle.decompress_lz4(bitshuffle.compress_lz4(a), a.shape, a.dtype) == a).all()
