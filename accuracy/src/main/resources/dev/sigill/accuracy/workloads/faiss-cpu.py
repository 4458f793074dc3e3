import faiss
import numpy as np

faiss.omp_set_num_threads(1)
x = np.random.default_rng(1).random((1200, 32)).astype("f4")
flat = faiss.IndexFlatL2(32)
flat.add(x)
flat.search(x[:9], 4)
for kind in ("IVF8,PQ8", "HNSW8", "IVF8,SQ8", "LSH", "PQ8x4fs", "IVF8,Flat"):
    i = faiss.index_factory(32, kind)
    i.train(x)
    i.add(x)
    i.search(x[:5], 3)
k = faiss.Kmeans(32, 4, niter=3)
k.train(x)
