import msgpack

d = {"a": [1, -2, 3.5, "x" * 300, b"y" * 70000, None, True, 2**63], "b": {str(i): i for i in range(500)}}
assert msgpack.unpackb(msgpack.packb(d)) == d
u = msgpack.Unpacker()
u.feed(msgpack.packb(d) * 3)
assert sum(1 for _ in u) == 3
