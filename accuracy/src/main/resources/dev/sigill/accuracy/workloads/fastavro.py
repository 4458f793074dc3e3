import io

import fastavro

s = fastavro.parse_schema({"type": "record", "name": "r", "fields": [{"name": "a", "type": "long"}, {"name": "b", "type": ["null", "string"]}]})
out = io.BytesIO()
fastavro.writer(out, s, [{"a": i, "b": f"text {i}"} for i in range(2000)], codec="deflate")
assert sum(1 for _ in fastavro.reader(io.BytesIO(out.getvalue()))) == 2000
