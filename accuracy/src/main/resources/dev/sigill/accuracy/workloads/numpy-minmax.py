import numpy as np
import numpy_minmax

a = np.sin(np.arange(5000)).astype("f4")
assert numpy_minmax.minmax(a) == (a.min(), a.max())
