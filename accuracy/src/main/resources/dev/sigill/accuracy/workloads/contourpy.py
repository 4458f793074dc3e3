import contourpy
import numpy as np

x = np.linspace(0, 6, 80)
for name in ("serial", "threaded", "mpl2005", "mpl2014"):
    g = contourpy.contour_generator(z=np.outer(np.sin(x), np.cos(x)), name=name)
    g.lines(0.2), g.filled(0.1, 0.4)
