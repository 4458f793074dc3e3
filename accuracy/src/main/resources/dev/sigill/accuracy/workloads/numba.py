import numba
import numpy as np


@numba.njit
def f(a):
    s = 0.0
    for x in a:
        s += x * x
    return s


@numba.vectorize(["float64(float64)"])
def g(x):
    return x * 2 + 1


assert f(np.arange(100.0)) == 328350 and g(np.ones(9)).sum() == 27
