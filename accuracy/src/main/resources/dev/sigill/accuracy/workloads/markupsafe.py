from markupsafe import escape

for n in (1, 15, 16, 17, 1000):
    escape("<a href='x'>&" * n), escape("é<" * n), escape("\U0001f600<" * n), escape("plain" * n)
