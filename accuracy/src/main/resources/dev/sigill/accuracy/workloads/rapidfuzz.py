from rapidfuzz import distance, fuzz, process

words = [f"some words of a text {i} and more" for i in range(300)]
fuzz.ratio("this is a test", "this is a test!"), fuzz.token_set_ratio("fuzzy was a bear", "fuzzy fuzzy was a bear"), fuzz.partial_ratio("abcd" * 30, "xxabcdyy")
process.extract("some words 77", words, limit=5), process.cdist(words[:20], words[:20]) if False else None
for name in ("Levenshtein", "DamerauLevenshtein", "Hamming", "Indel", "Jaro", "JaroWinkler", "LCSseq", "OSA", "Prefix"):
    getattr(distance, name).similarity("kitten sitting on", "sitting kitten on")
