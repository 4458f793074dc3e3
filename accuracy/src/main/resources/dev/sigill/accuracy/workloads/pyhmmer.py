import pyhmmer

a = pyhmmer.easel.Alphabet.amino()
s = pyhmmer.easel.TextSequence(name=b"q", sequence="MKVLAAGIVGLCAKAYLEHHHGKLTEQWRSTNDPFYVIMK").digitize(a)
b = pyhmmer.plan7.Background(a)
hmm, _, _ = pyhmmer.plan7.Builder(a).build(s, b)
block = pyhmmer.easel.DigitalSequenceBlock(a, [s] * 5)
list(pyhmmer.plan7.Pipeline(a, background=b).search_hmm(hmm, block))
