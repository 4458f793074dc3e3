import numexpr as ne
import numpy as np

ne.set_num_threads(1)
a, b = np.arange(20000.0), np.arange(20000.0) + 1
ne.evaluate("sin(a) ** 2 + sqrt(b) / (a + 1) - exp(-b) + where(a > 5, a, b)"), ne.evaluate("sum(a * b)"), ne.evaluate("(a < 5) | (b > 9)")
