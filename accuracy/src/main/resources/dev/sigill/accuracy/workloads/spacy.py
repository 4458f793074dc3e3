import spacy

n = spacy.blank("en")
n.add_pipe("sentencizer")
c = n.add_pipe("textcat")
c.add_label("A")
c.add_label("B")
from spacy.training import Example

e = [Example.from_dict(n.make_doc(t), {"cats": {"A": i % 2, "B": 1 - i % 2}}) for i, t in enumerate(["good day to you", "bad night"] * 4)]
o = n.initialize(lambda: e)
n.update(e, sgd=o)
n("This is a sentence. This is another one.").cats
