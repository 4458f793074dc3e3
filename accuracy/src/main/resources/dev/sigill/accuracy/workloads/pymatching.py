import numpy as np
import pymatching

m = pymatching.Matching(np.array([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 1, 1]]))
m.decode(np.array([1, 0, 1])), m.decode_batch(np.ones((50, 3), "u1"))
