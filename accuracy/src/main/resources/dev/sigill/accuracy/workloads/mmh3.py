import mmh3

for n in (0, 1, 15, 16, 17, 5000):
    mmh3.hash(b"x" * n), mmh3.hash128(b"x" * n), mmh3.hash64(b"x" * n)
