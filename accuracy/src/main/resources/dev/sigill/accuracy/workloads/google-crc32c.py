import google_crc32c as g

assert g.value(b"123456789") == 0xE3069283
[g.value(bytes(n)) for n in (0, 1, 7, 8, 63, 4096, 100000)]
