from pyproj import CRS, Geod, Transformer

t = Transformer.from_crs(4326, 3857, always_xy=True)
x, y = t.transform([12.0] * 200, [50.0] * 200)
assert abs(t.transform(x[0], y[0], direction="INVERSE")[1] - 50) < 1e-6
Transformer.from_crs(4326, 25833).transform(52, 13), Geod(ellps="WGS84").inv(13, 52, 2, 48), CRS("EPSG:3035").to_wkt()
