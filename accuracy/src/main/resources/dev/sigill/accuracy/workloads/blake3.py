import blake3

d = bytes(i * 7 % 256 for i in range(300000))
for n in (0, 1, 64, 1024, 5000, 300000):
    blake3.blake3(d[:n]).hexdigest(), blake3.blake3(d[:n], key=bytes(32)).digest(length=100)
