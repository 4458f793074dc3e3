import io

import numpy as np
from astropy import coordinates, table, time, units as u, wcs
from astropy.convolution import Gaussian2DKernel, convolve
from astropy.io import fits
from astropy.stats import sigma_clip

a = np.arange(10000.0).reshape(100, 100)
out = io.BytesIO()
fits.HDUList([fits.PrimaryHDU(), fits.CompImageHDU(a.astype("i4"))]).writeto(out)
fits.open(io.BytesIO(out.getvalue()))[1].data.sum()
convolve(a, Gaussian2DKernel(2)), sigma_clip(a), time.Time("2020-01-02").jd, table.Table({"a": [1, 2]}).group_by("a")
w = wcs.WCS(naxis=2)
w.wcs.crpix, w.wcs.cdelt, w.wcs.ctype = [50, 50], [0.1, 0.1], ["RA---TAN", "DEC--TAN"]
w.pixel_to_world(3, 4), coordinates.SkyCoord(10 * u.deg, 20 * u.deg).galactic
