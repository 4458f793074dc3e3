import numpy as np
from scipy import fft, integrate, interpolate, linalg, ndimage, optimize, signal, sparse, spatial, special, stats
from scipy.sparse import linalg as sparse_linalg

r = np.random.default_rng(3)
a = r.random((40, 40))
linalg.eig(a), linalg.qr(a), linalg.expm(a / 40), linalg.lu(a)
fft.fft2(a), fft.dctn(a)
optimize.minimize(lambda x: ((x - 2) ** 2).sum(), np.zeros(4))
optimize.linprog([1, 2], A_ub=[[-1, -1]], b_ub=[-1])
m = sparse.random(200, 200, 0.05, random_state=1, format="csc") + sparse.eye(200, format="csc") * 5
sparse_linalg.spsolve(m, np.ones(200))
spatial.cKDTree(a[:, :3]).query(a[:5, :3], 3), spatial.ConvexHull(a[:, :2]), spatial.Delaunay(a[:, :2])
signal.fftconvolve(a, a), signal.lfilter([1, 2], [1, 0.5], a[0]), ndimage.gaussian_filter(a, 2), ndimage.label(a > 0.5)
special.gamma(a + 1), special.erf(a), special.jv(2, a), stats.ttest_ind(a[0], a[1]), stats.kstest(a[0], "uniform")
integrate.quad(np.sin, 0, 1), integrate.solve_ivp(lambda t, y: -y, (0, 1), [1.0]), interpolate.CubicSpline(np.arange(40), a[0])(3.5)
