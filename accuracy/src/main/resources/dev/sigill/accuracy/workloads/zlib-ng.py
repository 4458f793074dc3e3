from zlib_ng import zlib_ng as z

d = b"".join(b"%d some line of text\n" % (i * i) for i in range(6000))
for level in range(10):
    assert z.decompress(z.compress(d, level)) == d
z.crc32(d), z.adler32(d), z.crc32(d[:5])
