package dev.sigill.isa.x86;

/** Placeholder. */
public final class X86Decoder {
  public static final int FLOW_NEXT = 0;
  public static final int FLOW_BRANCH = 1;
  public static final int FLOW_JUMP = 2;
  public static final int FLOW_JUMP_INDIRECT = 3;
  public static final int FLOW_CALL = 4;
  public static final int FLOW_CALL_INDIRECT = 5;
  public static final int FLOW_RETURN = 6;
  public static final int FLOW_TRAP = 7;
  public static final int LEGACY = 0;

  public int decode(byte[] code, int at, int limit, long virtualAddress) {
    return 0;
  }

  public int term() {
    return 0;
  }

  public int flow() {
    return 0;
  }

  public long target() {
    return 0;
  }

  public int encoding() {
    return 0;
  }

  public int map() {
    return 0;
  }

  public int opcode() {
    return 0;
  }

  public int operandSize() {
    return 0;
  }

  public long immediate() {
    return 0;
  }

  public boolean hasMemory() {
    return false;
  }

  public boolean isRipRelative() {
    return false;
  }

  public long memoryAddress() {
    return 0;
  }

  public int modrmReg() {
    return 0;
  }

  public int modrmRm() {
    return 0;
  }

  public int memoryBase() {
    return -1;
  }

  public int memoryIndex() {
    return -1;
  }

  public int memoryScale() {
    return 1;
  }

  public long memoryDisplacement() {
    return 0;
  }
}
