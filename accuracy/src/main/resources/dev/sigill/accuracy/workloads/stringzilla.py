import stringzilla as z

s = z.Str("some words, hello, and other words " * 900)
assert s.find("hello") == 12
s.rfind("other"), s.count("words"), len(s.split(" ")), s.find_first_of("xyzh"), s.find_last_not_of(", "), hash(s), s.splitlines()
t = s.split(" ")
t.argsort() if hasattr(t, "argsort") else t.sort()
