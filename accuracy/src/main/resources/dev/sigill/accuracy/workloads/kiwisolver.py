import kiwisolver as k
x, y = k.Variable("x"), k.Variable("y")
s = k.Solver()
s.addConstraint(x + y == 20)
s.addConstraint((x >= 3) | "strong")
s.addConstraint(y == 3 * x)
s.updateVariables()
assert x.value() == 5 and y.value() == 15
