import datetime

import orjson

d = {"a": [1.5, 2, "x" * 1000, {"b": None, "é": "\u4e2d\"\\\n" * 60}] * 50, "t": datetime.datetime(2020, 1, 2), "n": 2**53 - 1}
assert orjson.loads(orjson.dumps(d, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))["a"][1] == 2
orjson.loads(b"[" + b",".join(b"%d.%d" % (i, i) for i in range(3000)) + b"]")
