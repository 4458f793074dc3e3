import faiss
import numpy as np

faiss.omp_set_num_threads(1)
x = np.random.default_rng(1).random((320, 16)).astype("f4")
flat = faiss.IndexFlatL2(16)
flat.add(x)
flat.search(x[:5], 4)
for kind in ("IVF4,PQ4x4", "HNSW8", "IVF4,SQ8", "LSH", "PQ4x4fs", "IVF4,Flat"):
    i = faiss.index_factory(16, kind)
    i.train(x)
    i.add(x)
    i.search(x[:3], 3)
