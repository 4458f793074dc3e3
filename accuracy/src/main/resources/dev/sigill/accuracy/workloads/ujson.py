import ujson

d = {"a": [1.5, 2, "x" * 1000, {"b": None, "é": "\u4e2d\"\\\n" * 60}] * 50}
assert ujson.loads(ujson.dumps(d)) == d
