import z3

x, y = z3.Ints("x y")
s = z3.Solver()
s.add(x + y == 10, x * y == 21, x > y)
assert s.check() == z3.sat and s.model()[x].as_long() == 7
b = z3.BitVec("b", 32)
z3.solve(b * b == 49, b < 9)
