from cryptography import x509
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, x25519
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

data, key = b"some text " * 900, bytes(range(32))
f = Fernet(Fernet.generate_key())
assert f.decrypt(f.encrypt(data)) == data
for aead in (AESGCM(key), ChaCha20Poly1305(key)):
    assert aead.decrypt(bytes(12), aead.encrypt(bytes(12), data, None), None) == data
for mode in (modes.CBC(bytes(16)), modes.CTR(bytes(16)), modes.XTS(bytes(16))):
    k = bytes(range(64)) if isinstance(mode, modes.XTS) else key
    e = Cipher(algorithms.AES(k), mode).encryptor()
    e.update(data[:8992]) + e.finalize()
for kind in (hashes.SHA1, hashes.SHA256, hashes.SHA512, hashes.SHA3_256, hashes.MD5, hashes.SM3):
    h = hmac.HMAC(key, kind())
    h.update(data)
    h.finalize()
h = hashes.Hash(hashes.BLAKE2b(64))
h.update(data)
h.finalize()
r = rsa.generate_private_key(65537, 1024)
r.public_key().verify(r.sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), 20), hashes.SHA256()), data, padding.PSS(padding.MGF1(hashes.SHA256()), 20), hashes.SHA256())
for curve in (ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()):
    p = ec.generate_private_key(curve)
    p.public_key().verify(p.sign(data, ec.ECDSA(hashes.SHA256())), data, ec.ECDSA(hashes.SHA256()))
e = ed25519.Ed25519PrivateKey.from_private_bytes(key)
e.public_key().verify(e.sign(data), data)
x25519.X25519PrivateKey.from_private_bytes(key).exchange(x25519.X25519PrivateKey.generate().public_key())
PBKDF2HMAC(hashes.SHA256(), 32, b"salt", 500).derive(b"word"), Scrypt(b"salt", 32, 64, 8, 1).derive(b"word")
