import clarabel
import numpy as np
from scipy import sparse

s = clarabel.DefaultSettings()
s.verbose = False
clarabel.DefaultSolver(sparse.csc_matrix([[4.0, 1], [1, 2]]), np.ones(2), sparse.csc_matrix(-np.eye(2)), np.zeros(2), [clarabel.NonnegativeConeT(2)], s).solve()
