from google.protobuf import descriptor_pb2, json_format, struct_pb2, text_format, timestamp_pb2

s = struct_pb2.Struct()
s.update({f"k{i}": [i, "x" * i, {"a": i / 3}] for i in range(100)})
b = s.SerializeToString()
assert struct_pb2.Struct.FromString(b) == s
json_format.Parse(json_format.MessageToJson(s), struct_pb2.Struct()), text_format.MessageToString(s)
f = descriptor_pb2.FileDescriptorProto()
descriptor_pb2.DESCRIPTOR.CopyToProto(f)
t = timestamp_pb2.Timestamp()
t.FromJsonString("2020-01-02T03:04:05Z")
