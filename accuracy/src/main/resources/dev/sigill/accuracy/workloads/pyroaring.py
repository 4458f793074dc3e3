from pyroaring import BitMap, BitMap64

a, b = BitMap(range(0, 100000, 3)), BitMap(range(50000, 150000))
assert len(a & b) == 16667 or len(a & b) > 0
a | b, a ^ b, a - b, a.jaccard_index(b), BitMap.deserialize(a.serialize()), a.run_optimize(), a.rank(500), BitMap64([2**40, 3]), a[5:500:7]
