import numpy as np
import onnxruntime as ort
from onnx import TensorProto, helper

g = helper.make_graph(
    [
        helper.make_node("Conv", ["x", "w"], ["c"], kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c"], ["r"]),
        helper.make_node("GlobalAveragePool", ["r"], ["p"]),
        helper.make_node("Flatten", ["p"], ["f"]),
        helper.make_node("MatMul", ["f", "m"], ["y"]),
        helper.make_node("Softmax", ["y"], ["z"]),
    ],
    "g",
    [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in (("x", [1, 3, 16, 16]), ("w", [8, 3, 3, 3]), ("m", [8, 10]))],
    [helper.make_tensor_value_info("z", TensorProto.FLOAT, [1, 10])],
)
m = helper.make_model(g, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
options = ort.SessionOptions()
options.intra_op_num_threads = 1
s = ort.InferenceSession(m.SerializeToString(), options, providers=["CPUExecutionProvider"])
out = s.run(None, {"x": np.ones((1, 3, 16, 16), "f4"), "w": np.ones((8, 3, 3, 3), "f4"), "m": np.ones((8, 10), "f4")})[0]
assert abs(out.sum() - 1) < 1e-5
