import ctypes

import llvmlite.binding as llvm
from llvmlite import ir

llvm.initialize_native_target()
llvm.initialize_native_asmprinter()
m = ir.Module()
t = ir.IntType(64)
f = ir.Function(m, ir.FunctionType(t, [t, t]), "f")
b = ir.IRBuilder(f.append_basic_block())
b.ret(b.mul(b.add(*f.args), f.args[0]))
machine = llvm.Target.from_default_triple().create_target_machine()
e = llvm.create_mcjit_compiler(llvm.parse_assembly(str(m)), machine)
e.finalize_object()
assert ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64, ctypes.c_int64)(e.get_function_address("f"))(3, 4) == 21
