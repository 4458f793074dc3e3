import re2

t = "The quick brown fox, 12-34-5678; naïve café. " * 200
re2.findall(r"\pL+", t), re2.sub(r"(?i)\bfox\b", "dog", t), re2.search(r"(\d+)-(\d+)", t).groups(), re2.split(r"[.;]", t)
