import numpy as np
from usearch.index import Index

x = np.random.default_rng(1).random((200, 32)).astype("f4")
for metric in ("cos", "l2sq", "ip"):
    for kind in ("f32", "i8"):
        i = Index(ndim=32, metric=metric, dtype=kind)
        i.add(np.arange(200), x, threads=1)
        i.search(x[:5], 3, threads=1)
