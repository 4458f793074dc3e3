import _brotli as b

d = b"".join(b"%d some line of text\n" % (i * i) for i in range(4000))
for q in (0, 1, 5, 9, 11):
    c = b.Compressor(quality=q)
    x = c.process(d) + c.finish()
    assert b.Decompressor().process(x) == d
