import numpy as np

r = np.random.default_rng(7)
a = r.random((90, 90))
f = a.astype("f4")
i = r.integers(0, 1000, 5000)
assert np.allclose(np.linalg.inv(a) @ a, np.eye(90), atol=1e-6)
(f @ f).sum(), np.sort(i), np.argsort(i, kind="stable"), np.partition(i, 50)
np.fft.fft(a), np.linalg.svd(a), np.linalg.eigvals(a), np.exp(f), np.sin(a), np.tanh(f), np.log(a + 1)
(a.astype("f2") + 1).sum(), i // 7, i % 13, np.packbits(i > 500), np.cumsum(a), f.argmax(), np.einsum("ij,ij", f, f)
np.unique(i), np.bitwise_xor.reduce(i), np.char.upper(np.array(["ab", "cd"])), np.float32(2) ** f, np.sqrt(f)
