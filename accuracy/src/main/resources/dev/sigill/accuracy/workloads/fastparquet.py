import os
import tempfile

import fastparquet
import pandas as pd

p = tempfile.mktemp()
d = pd.DataFrame({"a": range(2000), "b": [f"x{i}" for i in range(2000)]})
for c in ("SNAPPY", "GZIP", "ZSTD", None):
    fastparquet.write(p, d, compression=c)
    assert len(fastparquet.ParquetFile(p).to_pandas()) == 2000
os.remove(p)
