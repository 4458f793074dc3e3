import io

import sentencepiece as s

m = io.BytesIO()
lines = [f"the quick brown fox {i} jumps over the lazy dog" for i in range(300)]
for kind in ("unigram", "bpe"):
    m = io.BytesIO()
    s.SentencePieceTrainer.train(sentence_iterator=iter(lines), model_writer=m, vocab_size=60, model_type=kind, num_threads=1, minloglevel=2)
    p = s.SentencePieceProcessor(model_proto=m.getvalue())
    assert p.decode(p.encode("the lazy dog")) == "the lazy dog"
