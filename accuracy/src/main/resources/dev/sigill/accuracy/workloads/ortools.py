from ortools.linear_solver import pywraplp
from ortools.sat.python import cp_model

m = cp_model.CpModel()
v = [m.new_int_var(0, 20, f"v{i}") for i in range(8)]
m.add_all_different(v)
m.maximize(sum((i + 1) * x for i, x in enumerate(v)))
s = cp_model.CpSolver()
s.parameters.num_workers = 1
s.parameters.max_time_in_seconds = 60
s.solve(m)
p = pywraplp.Solver.CreateSolver("GLOP")
x, y = p.NumVar(0, 9, "x"), p.NumVar(0, 9, "y")
p.Add(x + 2 * y <= 14)
p.Maximize(3 * x + 4 * y)
assert p.Solve() == 0
