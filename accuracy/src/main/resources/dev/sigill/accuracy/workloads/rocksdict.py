import tempfile

from rocksdict import Rdict

d = Rdict(tempfile.mkdtemp())
for i in range(2000):
    d[i] = "v" * (i % 300)
d.flush()
assert d[77] == "v" * 77 and sum(1 for _ in d.items()) == 2000
d.close()
