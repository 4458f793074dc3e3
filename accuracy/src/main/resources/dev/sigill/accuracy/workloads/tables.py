import os
import tempfile

import numpy as np
import tables

p = tempfile.mktemp()
with tables.open_file(p, "w") as f:
    for c in ("zlib", "blosc", "blosc:lz4", "blosc:zstd", "blosc2", "bzip2"):
        f.create_carray("/", c.replace(":", "_"), obj=np.arange(20000), filters=tables.Filters(5, c, shuffle=True))
    t = f.create_table("/", "t", {"a": tables.Int32Col(), "b": tables.StringCol(8)})
    t.append([(i, b"x%d" % i) for i in range(500)])
    t.flush()
    t.cols.a.create_index()
    assert len(t.read_where("a > 250")) == 249
with tables.open_file(p) as f:
    assert f.root.blosc_lz4[:].sum() == 199990000
os.remove(p)
