package dev.sigill.isa.x86;

/** Writes instructions as text. */
public final class X86Formatter {
  private X86Formatter() {}

  /** The length of the instruction at the start of an array; 0 where there is none. */
  public static int length(byte[] code) {
    return Math.max(0, new X86Decoder().decode(code, 0, code.length, 0));
  }

  /** The instruction at an index as text; "(bad)" where there is none. */
  public static String format(byte[] code, int at, int limit, long virtualAddress) {
    var decoder = new X86Decoder();
    return decoder.decode(code, at, limit, virtualAddress) > 0 ? decoder.mnemonic() : "(bad)";
  }
}
