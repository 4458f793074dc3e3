import random

import pyrodigal

r = random.Random(3)
s = "".join(r.choice("ACGT") for _ in range(30000))
pyrodigal.GeneFinder(meta=True).find_genes(s.encode())
