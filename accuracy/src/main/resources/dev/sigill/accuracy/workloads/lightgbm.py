import lightgbm as lgb
import numpy as np

x = np.random.default_rng(1).random((400, 8))
y = (x[:, 0] > 0.5).astype(int)
for kind in ("gbdt", "dart", "rf"):
    extra = {"bagging_freq": 1, "bagging_fraction": 0.7} if kind == "rf" else {}
    b = lgb.train({"objective": "binary", "boosting": kind, "num_threads": 1, "verbose": -1, **extra}, lgb.Dataset(x, y), 5)
    assert ((b.predict(x) > 0.5) == y).mean() > 0.9
