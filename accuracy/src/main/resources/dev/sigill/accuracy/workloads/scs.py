import numpy as np
import scs
from scipy import sparse

scs.SCS({"A": sparse.csc_matrix(np.array([[-1.0, 0], [0, -1]])), "b": np.array([-1.0, -2]), "c": np.array([1.0, 1])}, {"l": 2}, verbose=False).solve()
