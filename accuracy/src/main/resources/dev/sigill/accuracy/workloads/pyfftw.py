import numpy as np
import pyfftw

for kind in ("complex64", "complex128", "float32", "float64"):
    a = pyfftw.empty_aligned(240, dtype=kind)
    a[:] = np.arange(240)
    pyfftw.builders.fft(a, planner_effort="FFTW_ESTIMATE")() if "complex" in kind else pyfftw.builders.rfft(a, planner_effort="FFTW_ESTIMATE")()
