import zstandard as z

d = b"".join(b"%d some line of text\n" % (i * i) for i in range(6000))
for level in (1, 3, 9, 19):
    c = z.ZstdCompressor(level=level).compress(d)
    assert z.ZstdDecompressor().decompress(c) == d
t = z.train_dictionary(4096, [b"sample %d of many" % i * 5 for i in range(500)])
z.ZstdCompressor(dict_data=t).compress(d)
