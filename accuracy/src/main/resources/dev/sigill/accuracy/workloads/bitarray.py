from bitarray import bitarray, util

a = bitarray("0110") * 3000
a.count(), a & a, a ^ ~a, a << 3, a.find(bitarray("11")), a.reverse(), util.ba2hex(a), util.count_and(a, a), a.tobytes(), util.sc_decode(util.sc_encode(a)), a.bytereverse()
