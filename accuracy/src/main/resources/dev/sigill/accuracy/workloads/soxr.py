import numpy as np
import soxr

x = np.sin(np.arange(4000) / 9)
for quality in ("QQ", "LQ", "MQ", "HQ", "VHQ"):
    for kind in ("f4", "f8", "i2"):
        soxr.resample((x * 1000).astype(kind), 44100, 16000, quality=quality)
