import datetime

import cbor2

d = {"a": [1, -2, 3.5, "x" * 300, b"y" * 70, None], "t": datetime.datetime(2020, 1, 2, tzinfo=datetime.timezone.utc), "b": {str(i): 2**70 + i for i in range(100)}}
assert cbor2.loads(cbor2.dumps(d)) == d
