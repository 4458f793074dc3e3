import pybase64 as p

for n in (0, 1, 2, 3, 16, 31, 48, 1000, 100000):
    d = bytes(i * 7 % 256 for i in range(n))
    assert p.b64decode(p.b64encode(d), validate=True) == d
p.urlsafe_b64encode(b"??>>" * 100), p.b64encode(b"abc" * 99, altchars=b"-_"), p.encodebytes(b"abc" * 99)
