import shapely
from shapely import ops
from shapely.geometry import LineString, Point, Polygon

p = Point(0, 0).buffer(2)
q = Polygon([(0, 0), (3, 0), (3, 3), (0, 3)])
assert p.intersection(q).area > 3
p.union(q), p.difference(q), ops.unary_union([Point(i, i).buffer(1) for i in range(20)]), LineString([(0, 0), (1, 2), (4, 1)]).simplify(0.1)
t = shapely.STRtree([Point(i, i) for i in range(200)])
t.query(q), shapely.delaunay_triangles(shapely.points([[0, 0], [1, 0], [0, 1], [1, 1.5]])), q.convex_hull.wkb, shapely.from_wkt("POINT (1 2)"), shapely.voronoi_polygons(q)
