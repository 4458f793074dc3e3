import numcodecs as n
import numpy as np

a = np.arange(20000, dtype="i4")
for c in (n.Blosc("lz4", 5, 1), n.Blosc("zstd", 5, 2), n.Blosc("zlib"), n.Zstd(3), n.LZ4(), n.Zlib(), n.LZMA(), n.Shuffle(4)):
    assert (np.frombuffer(c.decode(c.encode(a)), "i4") == a).all()
n.VLenUTF8().encode(np.array(["a", "bc"], dtype=object)), n.Delta("i4").encode(a)
