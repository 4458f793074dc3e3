import simdjson

d = b'{"a":[' + b",".join(b'{"i":%d,"s":"text \\u00e9 %d","f":%d.5}' % (i, i, i) for i in range(2000)) + b"]}"
p = simdjson.Parser()
assert p.parse(d).at_pointer("/a/1999/i") == 1999
simdjson.loads(d), p.parse(d).mini
