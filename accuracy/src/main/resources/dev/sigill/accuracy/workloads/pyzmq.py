import zmq

c = zmq.Context()
a, b = c.socket(zmq.PAIR), c.socket(zmq.PAIR)
a.curve_publickey, a.curve_secretkey = zmq.curve_keypair()
a = c.socket(zmq.PAIR)
port = a.bind_to_random_port("tcp://127.0.0.1")
b.connect(f"tcp://127.0.0.1:{port}")
a.send_multipart([b"x" * 5000, b"y"])
assert b.recv_multipart()[1] == b"y"
c.destroy(0)
