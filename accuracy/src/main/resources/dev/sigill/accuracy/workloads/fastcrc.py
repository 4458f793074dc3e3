from fastcrc import crc16, crc32, crc64

d = bytes(range(256)) * 40
crc32.iso_hdlc(d), crc32.iscsi(d), crc64.ecma_182(d), crc16.xmodem(d), crc64.xz(d)
