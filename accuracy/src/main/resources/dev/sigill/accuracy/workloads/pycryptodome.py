from Crypto.Cipher import AES, ChaCha20_Poly1305, DES3, Salsa20
from Crypto.Hash import BLAKE2b, CMAC, MD5, SHA1, SHA3_256, SHA256, SHA512
from Crypto.Protocol.KDF import scrypt
from Crypto.PublicKey import ECC

d, k = bytes(range(256)) * 40, bytes(range(32))
for m in (AES.MODE_GCM, AES.MODE_EAX, AES.MODE_CCM, AES.MODE_OCB):
    AES.new(k, m, nonce=bytes(12)).encrypt_and_digest(d)
AES.new(k, AES.MODE_CBC, iv=bytes(16)).encrypt(d), AES.new(k, AES.MODE_CTR, nonce=bytes(8)).encrypt(d), AES.new(k, AES.MODE_ECB).decrypt(d)
ChaCha20_Poly1305.new(key=k, nonce=bytes(12)).encrypt_and_digest(d), Salsa20.new(k, bytes(8)).encrypt(d), DES3.new(k[:24], DES3.MODE_ECB).encrypt(d)
[h.new(d).digest() for h in (SHA1, SHA256, SHA512, MD5, SHA3_256)], BLAKE2b.new(data=d, digest_bits=256).digest(), CMAC.new(k, d, AES).digest()
ECC.construct(curve="P-256", d=123456789).pointQ * 5, scrypt("word", "salt", 32, 64, 8, 1)
