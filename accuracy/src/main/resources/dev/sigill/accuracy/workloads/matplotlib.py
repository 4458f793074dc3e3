import io

import matplotlib
import numpy as np

matplotlib.use("agg")
from matplotlib import pyplot as plt

fig, ax = plt.subplots(2, 2)
x = np.linspace(0, 9, 200)
ax[0, 0].plot(x, np.sin(x), label="$\\sin(x)$")
ax[0, 0].legend()
ax[0, 1].imshow(np.outer(x, x))
ax[1, 0].contourf(np.outer(np.sin(x), np.cos(x)))
ax[1, 1].tripcolor(x[:60] % 3, x[:60] ** 0.5, x[:60])
for kind in ("png", "svg", "pdf"):
    fig.savefig(io.BytesIO(), format=kind)
