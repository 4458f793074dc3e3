import catboost
import numpy as np

x = np.random.default_rng(1).random((200, 6))
y = (x[:, 0] > 0.5).astype(int)
m = catboost.CatBoostClassifier(iterations=2, thread_count=1, verbose=False, allow_writing_files=False).fit(x, y)
assert (m.predict(x) == y).mean() > 0.8
