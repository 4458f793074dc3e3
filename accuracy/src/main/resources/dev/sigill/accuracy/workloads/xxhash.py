import xxhash

d = bytes(i * 7 % 256 for i in range(100000))
for f in (xxhash.xxh32, xxhash.xxh64, xxhash.xxh3_64, xxhash.xxh3_128):
    for n in (0, 3, 16, 100, 240, 1000, 100000):
        f(d[:n], seed=1).hexdigest()
