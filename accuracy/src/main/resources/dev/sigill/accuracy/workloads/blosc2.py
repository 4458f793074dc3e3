import blosc2
import numpy as np

d = bytes(i * i % 251 for i in range(60000))
for codec in (blosc2.Codec.BLOSCLZ, blosc2.Codec.LZ4, blosc2.Codec.LZ4HC, blosc2.Codec.ZLIB, blosc2.Codec.ZSTD):
    for f in (blosc2.Filter.SHUFFLE, blosc2.Filter.BITSHUFFLE):
        assert blosc2.decompress(blosc2.compress(d, 8, 5, f, codec)) == d
a = blosc2.asarray(np.arange(20000).reshape(100, 200))
a[3:50, 4:90], (a + 1)[:5]
