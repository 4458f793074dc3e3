import grpc
from concurrent import futures


class Echo(grpc.GenericRpcHandler):
    def service(self, details):
        return grpc.unary_unary_rpc_method_handler(lambda request, context: request[::-1])


s = grpc.server(futures.ThreadPoolExecutor(1))
s.add_generic_rpc_handlers((Echo(),))
port = s.add_insecure_port("127.0.0.1:0")
s.start()
with grpc.insecure_channel(f"127.0.0.1:{port}") as c:
    assert c.unary_unary("/a/b")(b"hello" * 3000, timeout=60) == (b"hello" * 3000)[::-1]
s.stop(0)
