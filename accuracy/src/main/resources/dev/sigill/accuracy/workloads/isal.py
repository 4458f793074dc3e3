from isal import igzip_lib, isal_zlib

d = b"".join(b"%d some line of text\n" % (i * i) for i in range(6000))
for level in range(4):
    assert isal_zlib.decompress(isal_zlib.compress(d, level)) == d
isal_zlib.crc32(d), isal_zlib.adler32(d), igzip_lib.decompress(igzip_lib.compress(d))
