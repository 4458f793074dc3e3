import tiktoken

ranks = {bytes([i]): i for i in range(256)} | {b"th": 256, b"the": 257, b" the": 258, b"in": 259}
e = tiktoken.Encoding("own", pat_str=r"\p{L}+|\s+\p{L}+|.", mergeable_ranks=ranks, special_tokens={"<|end|>": 300})
assert e.decode(e.encode("in the end the thin <|end|>", allowed_special="all")) == "in the end the thin <|end|>"
