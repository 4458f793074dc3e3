package dev.sigill.isa.x86;

/** Placeholder. */
public final class X86Formatter {
  private X86Formatter() {}

  public static int length(byte[] code) {
    return 0;
  }

  public static String format(byte[] code, int at, int limit, long virtualAddress) {
    return "";
  }
}
