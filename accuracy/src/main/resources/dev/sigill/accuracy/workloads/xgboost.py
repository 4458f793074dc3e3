import numpy as np
import xgboost as xgb

x = np.random.default_rng(1).random((300, 8))
y = (x[:, 0] > 0.5).astype(int)
for method in ("hist", "exact", "approx"):
    b = xgb.train({"objective": "binary:logistic", "nthread": 1, "tree_method": method}, xgb.DMatrix(x, y), 5)
    assert ((b.predict(xgb.DMatrix(x)) > 0.5) == y).mean() > 0.9
