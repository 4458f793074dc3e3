import pynauty

g = pynauty.Graph(12, adjacency_dict={i: [(i + 1) % 12, (i + 4) % 12] for i in range(12)})
pynauty.autgrp(g), pynauty.certificate(g)
