import os
import tempfile

import numpy as np
import pyogrio
import shapely

p = os.path.join(tempfile.mkdtemp(), "a.gpkg")
pyogrio.raw.write(p, shapely.to_wkb(shapely.points(np.arange(100.0).reshape(50, 2))), [np.arange(50)], ["n"], geometry_type="Point", crs="EPSG:4326", driver="GPKG")
assert pyogrio.read_info(p)["features"] == 50
pyogrio.raw.read(p, where="n > 9")
