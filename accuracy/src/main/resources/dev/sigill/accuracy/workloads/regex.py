import regex

t = "The quick brown fox, 12-34-5678; naïve café. " * 200
regex.findall(r"\p{L}+", t), regex.sub(r"(?i)\bfox\b", "dog", t), regex.findall(r"(?:quick){e<=2}", t), regex.split(r"(?<=[.;]) ", t), regex.search(r"(?P<a>\d+)-(?&a)-(\d+)", t).groups()
