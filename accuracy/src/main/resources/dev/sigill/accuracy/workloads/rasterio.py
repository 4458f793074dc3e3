import numpy as np
import rasterio
from rasterio.features import rasterize, shapes
from rasterio.io import MemoryFile
from rasterio.transform import from_origin
from rasterio.warp import reproject

a = np.arange(40000, dtype="f4").reshape(200, 200)
for codec in ("deflate", "lzw", "zstd"):
    with MemoryFile() as m:
        with m.open(driver="GTiff", width=200, height=200, count=1, dtype="float32", crs="EPSG:3857", transform=from_origin(0, 0, 10, 10), compress=codec) as d:
            d.write(a, 1)
        with m.open() as d:
            assert d.read(1).sum() == a.sum()
out = np.zeros((100, 100), "f4")
reproject(a, out, src_transform=from_origin(0, 0, 10, 10), src_crs="EPSG:3857", dst_transform=from_origin(0, 0, 0.0002, 0.0002), dst_crs="EPSG:4326", resampling=1)
list(shapes((a > 20000).astype("u1"))), rasterize([({"type": "Point", "coordinates": (5, 5)}, 1)], out_shape=(20, 20))
