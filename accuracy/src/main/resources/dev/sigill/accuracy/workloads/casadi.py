import casadi as c

x, y = c.SX.sym("x"), c.SX.sym("y")
s = c.nlpsol("s", "ipopt", {"x": c.vertcat(x, y), "f": (1 - x) ** 2 + 100 * (y - x**2) ** 2}, {"print_time": 0, "ipopt.print_level": 0})
s(x0=[2, 3]), c.Function("f", [x], [c.sin(x)]).jacobian()(1, 0), c.qpsol("q", "qpoases", {"x": x, "f": x * x}, {"printLevel": "none"})(x0=3)
