import imagecodecs as c
import numpy as np

a = (np.arange(64 * 64 * 3) % 251).astype("u1").reshape(64, 64, 3)
for name in ("jpeg8", "png", "webp", "jpegxl", "avif", "jpeg2k", "zstd", "blosc", "blosc2", "lz4", "lzw", "deflate", "brotli", "packbits", "htj2k", "jpegls"):
    if getattr(c, name.upper()).available:
        d = getattr(c, name + "_encode")(a if name in ("jpeg8", "png", "webp", "jpegxl", "avif", "jpeg2k", "htj2k", "jpegls") else a.tobytes())
        getattr(c, name + "_decode")(d)
c.bitshuffle_encode(a.tobytes(), itemsize=2), c.delta_encode(a), c.xor_encode(a)
