import tempfile

import lmdb

e = lmdb.open(tempfile.mkdtemp(), map_size=1 << 24)
with e.begin(write=True) as t:
    for i in range(2000):
        t.put(b"k%05d" % (i * 7919 % 100003), b"v" * (i % 300 + 1))
with e.begin() as t:
    assert sum(1 for _ in t.cursor()) == 2000
