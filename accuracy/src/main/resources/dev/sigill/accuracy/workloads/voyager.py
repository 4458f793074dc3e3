import numpy as np
from voyager import Index, Space, StorageDataType

x = np.random.default_rng(1).random((300, 32)).astype("f4")
for space in (Space.Euclidean, Space.Cosine, Space.InnerProduct):
    i = Index(space, num_dimensions=32, storage_data_type=StorageDataType.Float32)
    i.add_items(x, num_threads=1)
    i.query(x[:5], k=3, num_threads=1)
