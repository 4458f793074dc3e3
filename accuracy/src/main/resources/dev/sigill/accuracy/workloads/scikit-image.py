import numpy as np
from skimage import feature, filters, measure, morphology, restoration, segmentation, transform

a = np.random.default_rng(1).random((60, 60))
filters.gaussian(a, 2), filters.sobel(a), filters.median(a), transform.rotate(a, 30), transform.resize(a, (30, 30)), measure.label(a > 0.6)
feature.canny(a), feature.hog(a), segmentation.slic(np.dstack([a] * 3), 20), morphology.skeletonize(a > 0.5), restoration.denoise_tv_chambolle(a), measure.find_contours(a, 0.5)
