import numpy as np
import simplejpeg

a = (np.arange(120 * 160 * 3) % 251).astype("u1").reshape(120, 160, 3)
for s in ("444", "422", "420", "Gray"):
    j = simplejpeg.encode_jpeg(a, 80, "RGB", s)
    simplejpeg.decode_jpeg(j, "BGR"), simplejpeg.decode_jpeg(j, "GRAY"), simplejpeg.decode_jpeg(j, "RGB", min_height=30, min_width=40)
