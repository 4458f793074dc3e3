import numpy as np
from safetensors.numpy import load, save

assert (load(save({"a": np.arange(9000.0)}))["a"] == np.arange(9000.0)).all()
