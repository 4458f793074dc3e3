import highspy
import numpy as np

h = highspy.Highs()
h.silent()
x = h.addVariables(20, lb=0, ub=5)
for i in range(19):
    h.addConstr(x[i] + 2 * x[i + 1] <= 7)
h.maximize(sum((i % 5 + 1) * x[i] for i in range(20)))
