import Levenshtein as l

assert l.distance("kitten", "sitting") == 3
l.ratio("abc" * 40, "abd" * 40), l.jaro_winkler("martha", "marhta"), l.editops("spam", "park"), l.median(["spam", "spak", "park"]), l.hamming("abc", "abd")
