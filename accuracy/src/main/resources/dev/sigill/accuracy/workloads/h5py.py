import os
import tempfile

import h5py
import numpy as np

p = tempfile.mktemp()
with h5py.File(p, "w") as f:
    for c in ("gzip", "lzf", None):
        f.create_dataset(str(c), data=np.arange(20000.0).reshape(100, 200), compression=c, shuffle=c is not None, chunks=(10, 20), fletcher32=True)
    f["text"] = ["a", "bc"]
    f.attrs["n"] = 3
with h5py.File(p) as f:
    assert f["gzip"][3:7, 5].sum() > 0 and f["lzf"][:].shape == (100, 200)
os.remove(p)
