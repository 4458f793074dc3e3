import crc32c

assert crc32c.crc32c(b"123456789") == 0xE3069283
[crc32c.crc32c(bytes(n)) for n in (0, 1, 7, 8, 63, 4096, 100000)]
