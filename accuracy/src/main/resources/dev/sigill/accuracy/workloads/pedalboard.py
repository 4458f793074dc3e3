import numpy as np
import pedalboard as p

a = np.sin(np.arange(4000) / 9).astype("f4")
p.Pedalboard([p.Chorus(), p.Reverb(), p.Compressor(), p.LowpassFilter(), p.PitchShift(2), p.Delay(), p.Phaser(), p.Limiter()])(a, 22050)
