package dev.sigill.isa.x86;

/**
 * Writes instructions in Intel's syntax, in lower case: {@code mov qword ptr [rax+rcx*8+0x10],
 * rdx}. An address relative to the next instruction is written with its displacement, {@code
 * [rip+0x1234]}, so that the text does not depend on where the image lies; the target of a branch
 * is absolute. Decorations are those of the Intel manual: {@code zmm1{k2}{z}}, {@code dword ptr
 * [rax]{1to16}}, {@code {rn-sae}}. Prefixes that change nothing are left out.
 */
public final class X86Formatter {
  private static final String[] QWORDS = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi"};
  private static final String[] LOW_BYTES = {"al", "cl", "dl", "bl", "spl", "bpl", "sil", "dil"};
  private static final String[] HIGH_BYTES = {"ah", "ch", "dh", "bh"};
  private static final String[] SEGMENTS = {"es", "cs", "ss", "ds", "fs", "gs", "?", "?"};
  private static final String[] ROUNDING = {"{rn-sae}", "{rd-sae}", "{ru-sae}", "{rz-sae}"};
  private static final String[] CONDITIONS = {
    "o", "no", "b", "ae", "e", "ne", "be", "a", "s", "ns", "t", "f", "l", "ge", "le", "g"
  };

  private X86Formatter() {}

  /** The length of the instruction at the start of an array; 0 where there is none. */
  public static int length(byte[] code) {
    return Math.max(0, new X86Decoder().decode(code, 0, code.length, 0));
  }

  /** The instruction at an index as text; "(bad)" where there is none. */
  public static String format(byte[] code, int at, int limit, long virtualAddress) {
    var decoder = new X86Decoder();
    return decoder.decode(code, at, limit, virtualAddress) > 0 ? format(decoder) : "(bad)";
  }

  /** The instruction decoded last as text. */
  public static String format(X86Decoder instruction) {
    var out = new StringBuilder(48);
    writePrefixes(out, instruction);
    out.append(mnemonic(instruction));
    if ((instruction.traits() & X86Forms.TRAIT_STRING) != 0) {
      return out.toString();
    }
    if ((instruction.check() & X86Forms.CHECK_SCC) != 0) {
      writeDefaultFlags(out, instruction);
    }
    int count = instruction.operandCount();
    boolean hasControl = hasRoundingControl(instruction);
    for (int i = 0; i < count; i++) {
      out.append(i == 0 ? " " : ", ");
      if (hasControl && instruction.operandKind(i) == X86Decoder.KIND_IMMEDIATE) {
        writeRoundingControl(out, instruction);
        out.append(", ");
        hasControl = false;
      }
      writeOperand(out, instruction, i);
      if (i == 0) {
        writeMask(out, instruction);
      }
    }
    if (hasControl) {
      out.append(", ");
      writeRoundingControl(out, instruction);
    }
    return out.toString();
  }

  private static void writePrefixes(StringBuilder out, X86Decoder instruction) {
    if (instruction.isNoFlags()) {
      out.append("{nf} ");
    }
    int encoding = instruction.encoding();
    if (encoding != X86Decoder.LEGACY && encoding != X86Decoder.REX2) {
      return;
    }
    int flow = instruction.flow();
    boolean isString = (instruction.traits() & X86Forms.TRAIT_STRING) != 0;
    if (isString) {
      boolean compares = instruction.writesFlags();
      if (instruction.hasRep()) {
        out.append(compares ? "repe " : "rep ");
      } else if (instruction.hasRepne()) {
        out.append("repne ");
      }
    } else if (flow != X86Decoder.FLOW_NEXT && flow != X86Decoder.FLOW_TRAP) {
      if (instruction.hasRepne()) {
        out.append("bnd ");
      }
      if (instruction.segment() == 3
          && (flow == X86Decoder.FLOW_CALL_INDIRECT || flow == X86Decoder.FLOW_JUMP_INDIRECT)) {
        out.append("notrack ");
      }
    } else if ((instruction.check() & X86Forms.CHECK_LOCK) != 0 && instruction.hasMemory()) {
      if (instruction.hasLock() || instruction.opcode() >>> 1 == 0x43 && instruction.map() == 0) {
        if (instruction.hasRepne()) {
          out.append("xacquire ");
        } else if (instruction.hasRep()) {
          out.append("xrelease ");
        }
      }
    }
    if (instruction.hasLock()) {
      out.append("lock ");
    }
  }

  private static String mnemonic(X86Decoder instruction) {
    String mnemonic = instruction.mnemonic();
    int check = instruction.check();
    if ((check & X86Forms.CHECK_CFCMOV) != 0
        && instruction.hasNewDataTarget()
        && !instruction.isNoFlagsBit()) {
      return mnemonic.substring(2);
    }
    if ((check & X86Forms.CHECK_ZU) != 0 && instruction.hasEvexB()) {
      return mnemonic.equals("imul") ? "imulzu" : "setzu".concat(mnemonic.substring(3));
    }
    if ((check & X86Forms.CHECK_SCC) != 0) {
      return mnemonic.concat(CONDITIONS[instruction.sourceCondition()]);
    }
    if (instruction.encoding() == X86Decoder.REX2
        && instruction.isWide()
        && instruction.map() == 0
        && instruction.opcode() >>> 4 == 5) {
      return mnemonic.concat("p");
    }
    if (mnemonic.equals("jrcxz") && instruction.hasAddressSizePrefix()) {
      return "jecxz";
    }
    return mnemonic;
  }

  /** What APX's conditional compares set the flags to where their condition is false. */
  private static void writeDefaultFlags(StringBuilder out, X86Decoder instruction) {
    int flags = instruction.defaultFlags();
    out.append(" {dfv=");
    String separator = "";
    String[] names = {"of", "sf", "zf", "cf"};
    for (int i = 0; i < 4; i++) {
      if ((flags & 8 >> i) != 0) {
        out.append(separator).append(names[i]);
        separator = ",";
      }
    }
    out.append('}');
  }

  private static boolean hasRoundingControl(X86Decoder instruction) {
    return instruction.encoding() == X86Decoder.EVEX
        && instruction.hasEvexB()
        && !instruction.hasMemory()
        && (instruction.check() & (X86Forms.CHECK_ROUNDING | X86Forms.CHECK_SAE)) != 0;
  }

  private static void writeRoundingControl(StringBuilder out, X86Decoder instruction) {
    out.append(
        (instruction.check() & X86Forms.CHECK_ROUNDING) != 0
            ? ROUNDING[instruction.roundingControl()]
            : "{sae}");
  }

  private static void writeMask(StringBuilder out, X86Decoder instruction) {
    if ((instruction.check() & X86Forms.CHECK_MASK) != 0 && instruction.mask() != 0) {
      out.append("{k").append(instruction.mask()).append('}');
      if (instruction.isZeroing()) {
        out.append("{z}");
      }
    }
  }

  private static void writeOperand(StringBuilder out, X86Decoder instruction, int operand) {
    int register = instruction.operandRegister(operand);
    switch (instruction.operandKind(operand)) {
      case X86Decoder.KIND_GPR -> {
        if (instruction.isHighByte(operand)) {
          out.append(HIGH_BYTES[register & 3]);
        } else {
          writeGpr(out, register, instruction.operandBytes(operand));
        }
      }
      case X86Decoder.KIND_VECTOR -> {
        int bytes = instruction.operandBytes(operand);
        out.append(bytes <= 16 ? "xmm" : bytes == 32 ? "ymm" : "zmm").append(register);
        if ((instruction.traits() & X86Forms.TRAIT_FOUR_REGISTERS) != 0 && operand == 1) {
          out.append("+3");
        }
      }
      case X86Decoder.KIND_MASK -> out.append('k').append(register);
      case X86Decoder.KIND_MASK_PAIR -> out.append('k').append(register);
      case X86Decoder.KIND_MMX -> out.append("mm").append(register);
      case X86Decoder.KIND_TILE -> out.append("tmm").append(register);
      case X86Decoder.KIND_SEGMENT -> out.append(SEGMENTS[register]);
      case X86Decoder.KIND_CONTROL -> out.append("cr").append(register);
      case X86Decoder.KIND_DEBUG -> out.append("dr").append(register);
      case X86Decoder.KIND_X87 -> {
        out.append("st");
        if (instruction.operandPlace(operand) != X86Forms.PLACE_FIXED) {
          out.append('(').append(register).append(')');
        }
      }
      case X86Decoder.KIND_RELATIVE -> writeHex(out, instruction.target());
      case X86Decoder.KIND_MEMORY -> writeMemory(out, instruction, operand);
      default -> writeSigned(out, instruction.operandValue(operand));
    }
  }

  private static void writeGpr(StringBuilder out, int number, int bytes) {
    if (number < 8) {
      switch (bytes) {
        case 1 -> out.append(LOW_BYTES[number]);
        case 2 -> out.append(QWORDS[number], 1, 3);
        case 4 -> out.append('e').append(QWORDS[number], 1, 3);
        default -> out.append(QWORDS[number]);
      }
      return;
    }
    out.append('r').append(number);
    switch (bytes) {
      case 1 -> out.append('b');
      case 2 -> out.append('w');
      case 4 -> out.append('d');
      default -> {}
    }
  }

  private static void writeMemory(StringBuilder out, X86Decoder instruction, int operand) {
    int bytes = instruction.operandBytes(operand);
    boolean isAddressOnly = (instruction.traits() & X86Forms.TRAIT_ADDRESS_ONLY) != 0;
    if (!isAddressOnly) {
      out.append(sizeName(bytes));
    }
    int segment = instruction.segment();
    if (segment >= 4) {
      out.append(SEGMENTS[segment]).append(':');
    }
    out.append('[');
    if (instruction.operandPlace(operand) == X86Forms.PLACE_OFFSET) {
      writeHex(out, instruction.operandValue(operand));
    } else {
      writeAddress(out, instruction);
    }
    out.append(']');
    int element = instruction.operandElement(operand);
    if (element != 0 && instruction.hasEvexB()) {
      out.append("{1to").append(instruction.broadcastBytes(operand) / element).append('}');
    }
  }

  private static void writeAddress(StringBuilder out, X86Decoder instruction) {
    int size = instruction.hasAddressSizePrefix() ? 4 : 8;
    long displacement = instruction.memoryDisplacement();
    boolean isEmpty = true;
    if (instruction.isRipRelative()) {
      out.append(size == 4 ? "eip" : "rip");
      isEmpty = false;
    }
    int base = instruction.memoryBase();
    if (base >= 0) {
      writeGpr(out, base, size);
      isEmpty = false;
    }
    int index = instruction.memoryIndex();
    if (index >= 0) {
      if (!isEmpty) {
        out.append('+');
      }
      if ((instruction.check() & X86Forms.CHECK_VSIB) != 0) {
        int bytes = instruction.vectorIndexBytes();
        out.append(bytes <= 16 ? "xmm" : bytes == 32 ? "ymm" : "zmm").append(index);
      } else {
        writeGpr(out, index, size);
      }
      if (instruction.memoryScale() > 1) {
        out.append('*').append(instruction.memoryScale());
      }
      isEmpty = false;
    }
    if (isEmpty) {
      writeHex(out, size == 4 ? displacement & 0xffffffffL : displacement);
    } else if (displacement != 0 || instruction.isRipRelative()) {
      out.append(displacement < 0 ? '-' : '+');
      writeHex(out, Math.abs(displacement));
    }
  }

  private static String sizeName(int bytes) {
    return switch (bytes) {
      case 1 -> "byte ptr ";
      case 2 -> "word ptr ";
      case 4 -> "dword ptr ";
      case 6 -> "fword ptr ";
      case 8 -> "qword ptr ";
      case 10 -> "tbyte ptr ";
      case 16 -> "xmmword ptr ";
      case 32 -> "ymmword ptr ";
      case 64 -> "zmmword ptr ";
      default -> "";
    };
  }

  private static void writeHex(StringBuilder out, long value) {
    out.append("0x").append(Long.toHexString(value));
  }

  private static void writeSigned(StringBuilder out, long value) {
    if (value < 0 && value != Long.MIN_VALUE) {
      out.append('-');
      writeHex(out, -value);
    } else {
      writeHex(out, value);
    }
  }
}
