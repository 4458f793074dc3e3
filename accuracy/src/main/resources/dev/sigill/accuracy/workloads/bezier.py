import bezier
import numpy as np

c = bezier.Curve(np.asfortranarray([[0.0, 0.5, 1.0], [0.0, 1.0, 0.0]]), 2)
d = bezier.Curve(np.asfortranarray([[0.0, 0.5, 1.0], [0.7, -0.4, 0.7]]), 2)
c.intersect(d), c.evaluate(0.3), c.length
