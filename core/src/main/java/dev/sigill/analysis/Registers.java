package dev.sigill.analysis;

/** General registers by the numbers that instructions give them. */
final class Registers {
  static final int RAX = 0;
  static final int RCX = 1;
  static final int RDX = 2;
  static final int RBX = 3;
  static final int RSP = 4;
  static final int RBP = 5;
  static final int RSI = 6;
  static final int RDI = 7;

  private Registers() {}
}
