from sklearn.cluster import DBSCAN, KMeans
from sklearn.datasets import make_classification
from sklearn.decomposition import PCA
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC

x, y = make_classification(200, 10, random_state=1)
for m in (RandomForestClassifier(5, random_state=1), LogisticRegression(), SVC(), KNeighborsClassifier(), SGDClassifier(random_state=1), HistGradientBoostingClassifier(max_iter=3)):
    assert m.fit(x, y).score(x, y) > 0.6
KMeans(3, n_init=1, random_state=1).fit(x), DBSCAN().fit(x), PCA(3).fit_transform(x)
