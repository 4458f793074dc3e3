import numpy as np
import pywt

a = np.arange(64 * 64.0).reshape(64, 64)
assert np.allclose(pywt.waverec2(pywt.wavedec2(a, "db4"), "db4"), a)
pywt.cwt(a[0], np.arange(1, 9), "morl"), pywt.swt(a[0], "haar"), pywt.dwt(a.astype("f4"), "sym5")
