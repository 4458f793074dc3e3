import ducc0
import numpy as np

a = np.random.default_rng(1).random((30, 42))
ducc0.fft.c2c(a.astype("c8")), ducc0.fft.r2c(a), ducc0.fft.genuine_hartley(a), ducc0.healpix.Healpix_Base(16, "RING").pix2ang(np.arange(9))
