import hnswlib
import numpy as np

x = np.random.default_rng(1).random((500, 33)).astype("f4")
for space in ("l2", "ip", "cosine"):
    i = hnswlib.Index(space, 33)
    i.init_index(500)
    i.add_items(x, num_threads=1)
    i.knn_query(x[:5], 3, num_threads=1)
