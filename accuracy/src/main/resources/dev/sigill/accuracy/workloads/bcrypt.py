import bcrypt

h = bcrypt.hashpw(b"word", bcrypt.gensalt(5))
assert bcrypt.checkpw(b"word", h)
bcrypt.kdf(b"word", b"salt", 32, 5, ignore_few_rounds=True)
