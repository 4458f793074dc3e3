import lz4.block
import lz4.frame

d = b"".join(b"%d some line of text\n" % (i * i) for i in range(6000))
for level in (0, 3, 9, 12):
    assert lz4.frame.decompress(lz4.frame.compress(d, compression_level=level, content_checksum=True)) == d
assert lz4.block.decompress(lz4.block.compress(d, mode="high_compression")) == d
