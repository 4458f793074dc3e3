package dev.sigill.isa.x86;

import java.util.HexFormat;

/** Instructions as tests write them: bytes in hexadecimal, blanks allowed. */
final class Instructions {
  private Instructions() {}

  static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  /** The first instruction of some bytes, followed by others so that nothing runs out. */
  static X86Decoder decode(String hex, long address) {
    byte[] code = bytes(hex);
    var padded = new byte[code.length + 32];
    System.arraycopy(code, 0, padded, 0, code.length);
    var decoder = new X86Decoder();
    decoder.decode(padded, 0, padded.length, address);
    return decoder;
  }

  static X86Decoder decode(String hex) {
    return decode(hex, 0x1000);
  }

  /** The features of the usual alternative, joined by commas; empty for the base architecture. */
  static String features(X86Decoder decoder) {
    return String.join(",", X86Terms.term(decoder.term()).anyOf().getFirst().ids());
  }
}
