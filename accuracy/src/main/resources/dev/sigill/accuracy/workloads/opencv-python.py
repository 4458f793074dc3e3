import cv2
import numpy as np

cv2.setNumThreads(1)
m = (np.random.default_rng(5).random((160, 160, 3)) * 255).astype("u1")
g = cv2.cvtColor(m, cv2.COLOR_BGR2GRAY)
cv2.GaussianBlur(m, (5, 5), 0), cv2.medianBlur(m, 5), cv2.bilateralFilter(m, 5, 9, 9), cv2.Canny(g, 30, 90)
cv2.resize(m, (64, 64)), cv2.resize(m, (300, 300), interpolation=cv2.INTER_CUBIC), cv2.cvtColor(m, cv2.COLOR_BGR2HSV)
cv2.warpAffine(m, np.float32([[1, 0.1, 3], [0.1, 1, 4]]), (160, 160)), cv2.dft(np.float32(g)), cv2.equalizeHist(g)
cv2.ORB_create().detectAndCompute(g, None), cv2.threshold(g, 0, 255, cv2.THRESH_OTSU), cv2.connectedComponents(g)
for kind in (".jpg", ".png", ".webp"):
    assert cv2.imdecode(cv2.imencode(kind, m)[1], 1).shape == m.shape
cv2.matchTemplate(g, g[20:40, 20:40], cv2.TM_CCOEFF_NORMED), cv2.findContours((g > 128).astype("u1"), 1, 2)
cv2.goodFeaturesToTrack(g, 20, 0.01, 5), cv2.calcHist([g], [0], None, [32], [0, 256]), cv2.solve(np.eye(3), np.ones((3, 1)))
