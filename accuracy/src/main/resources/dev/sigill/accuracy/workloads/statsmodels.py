import numpy as np
import statsmodels.api as sm

r = np.random.default_rng(1)
x = sm.add_constant(r.random((100, 2)))
sm.OLS(x @ [1, 2, 3] + r.random(100), x).fit().summary(), sm.Logit(r.integers(0, 2, 100), x).fit(disp=0)
