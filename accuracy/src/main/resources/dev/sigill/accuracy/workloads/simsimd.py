import numpy as np
import simsimd

r = np.random.default_rng(2)
for kind in ("f4", "f8"):
    a, b = (r.random(333) * 50).astype(kind), (r.random(333) * 50).astype(kind)
    simsimd.cosine(a, b), simsimd.sqeuclidean(a, b), simsimd.inner(a, b)
