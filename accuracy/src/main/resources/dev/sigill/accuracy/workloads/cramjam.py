import cramjam as c

d = b"".join(b"%d some line of text\n" % (i * i) for i in range(4000))
for name in ("snappy", "gzip", "zstd", "brotli", "bzip2", "lz4", "deflate", "xz"):
    m = getattr(c, name, None)
    if m is not None:
        assert bytes(m.decompress(m.compress(d))) == d
