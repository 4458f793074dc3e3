from nacl import hash, public, pwhash, secret, signing, utils

d = b"some text " * 500
b = secret.SecretBox(bytes(32))
assert b.decrypt(b.encrypt(d)) == d
a = secret.Aead(bytes(32))
assert a.decrypt(a.encrypt(d)) == d
k, j = public.PrivateKey.generate(), public.PrivateKey.generate()
assert public.Box(j, k.public_key).decrypt(public.Box(k, j.public_key).encrypt(d)) == d
s = signing.SigningKey.generate()
s.verify_key.verify(s.sign(d))
hash.blake2b(d), hash.sha256(d), hash.sha512(d), hash.siphash24(d, key=bytes(16)), utils.random(9)
pwhash.argon2id.kdf(16, b"word", bytes(16), opslimit=1, memlimit=8192), pwhash.scrypt.kdf(16, b"word", bytes(32), opslimit=32768, memlimit=16777216)
