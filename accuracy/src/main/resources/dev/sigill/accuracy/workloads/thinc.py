import numpy as np
from thinc.api import Adam, Relu, Softmax, chain

m = chain(Relu(16), Softmax(3))
x = np.random.default_rng(1).random((20, 5)).astype("f4")
m.initialize(x, np.eye(3, dtype="f4")[np.arange(20) % 3])
y, back = m.begin_update(x)
back(y - 0.3)
m.finish_update(Adam(0.01))
