from gensim.models import FastText, LdaModel, Word2Vec
from gensim.corpora import Dictionary

t = [["the", "quick", "brown", "fox"], ["jumps", "over", "the", "lazy", "dog"]] * 30
Word2Vec(t, vector_size=16, min_count=1, workers=1, epochs=2).wv.most_similar("fox"), FastText(t, vector_size=16, min_count=1, workers=1, epochs=1)
d = Dictionary(t)
LdaModel([d.doc2bow(x) for x in t], 2, d)
