import numpy as np
import osqp
from scipy import sparse

m = osqp.OSQP()
m.setup(sparse.csc_matrix([[4.0, 1], [1, 2]]), np.array([1.0, 1]), sparse.csc_matrix([[1.0, 1], [1, 0], [0, 1]]), np.array([1.0, 0, 0]), np.array([1, 0.7, 0.7]), verbose=False)
m.solve()
