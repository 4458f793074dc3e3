from _argon2_cffi_bindings import ffi, lib

out = ffi.new("uint8_t[]", 32)
for kind in (lib.Argon2_d, lib.Argon2_i, lib.Argon2_id):
    assert lib.argon2_hash(2, 256, 1, b"word", 4, b"saltsaltsalt", 12, out, 32, ffi.NULL, 0, kind, 0x13) == 0
