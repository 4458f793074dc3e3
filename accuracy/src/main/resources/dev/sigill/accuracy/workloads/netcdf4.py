import os
import tempfile

import netCDF4
import numpy as np

p = tempfile.mktemp()
with netCDF4.Dataset(p, "w") as d:
    d.createDimension("x", 5000)
    for c in ("zlib", "zstd", "bzip2", "blosc_lz4"):
        try:
            d.createVariable(c, "f4", ("x",), compression=c)[:] = np.arange(5000)
        except RuntimeError:
            pass
with netCDF4.Dataset(p) as d:
    assert d["zlib"][77] == 77
os.remove(p)
