from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

text = ["the quick brown fox jumps over the lazy dog", "pack my box with five dozen liquor jugs"] * 20
for model, trainer in ((models.BPE(), trainers.BpeTrainer(vocab_size=90, show_progress=False)), (models.WordPiece(unk_token="[UNK]"), trainers.WordPieceTrainer(vocab_size=90, show_progress=False, special_tokens=["[UNK]"])), (models.Unigram(), trainers.UnigramTrainer(vocab_size=60, show_progress=False))):
    t = Tokenizer(model)
    t.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    t.pre_tokenizer = pre_tokenizers.Whitespace()
    t.train_from_iterator(text, trainer)
    assert t.encode("the lazy fox").ids
    Tokenizer.from_str(t.to_str()).encode_batch(text)
