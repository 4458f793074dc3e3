import io

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
import pyarrow.parquet as pq

t = pa.table({"k": [f"k{i % 5}" for i in range(3000)], "v": list(range(3000)), "f": [i / 7 for i in range(3000)]})
t.group_by("k").aggregate([("v", "sum"), ("f", "mean")])
pc.sum(t["v"]), pc.sort_indices(t, [("f", "descending")]), t.filter(pc.greater(t["v"], 1000)), pc.utf8_upper(t["k"]), pc.unique(t["k"])
for codec in ("snappy", "gzip", "zstd", "lz4", "brotli"):
    out = io.BytesIO()
    pq.write_table(t, out, compression=codec)
    assert pq.read_table(io.BytesIO(out.getvalue())).num_rows == 3000
csv.read_csv(io.BytesIO(b"a,b\n1,2\n3,4\n"))
sink = pa.BufferOutputStream()
with pa.ipc.new_stream(sink, t.schema) as w:
    w.write_table(t)
t.join(t.slice(0, 10), "v", right_suffix="_r")
