package dev.sigill.analysis;

import dev.sigill.image.Format;

/** Where callers leave arguments and what callees leave as it was. */
enum CallingConvention {
  /** System V ABI, AMD64 supplement, 3.2.3: rdi, rsi, rdx, rcx, r8, r9. */
  SYSTEM_V(new int[] {Registers.RDI, Registers.RSI, Registers.RDX, Registers.RCX, 8, 9}, 0),

  /** Microsoft x64: rcx, rdx, r8, r9, with room for them on the stack. */
  WINDOWS(new int[] {Registers.RCX, Registers.RDX, 8, 9}, 32);

  private final int[] arguments;
  private final int shadowSpace;

  CallingConvention(int[] arguments, int shadowSpace) {
    this.arguments = arguments;
    this.shadowSpace = shadowSpace;
  }

  static CallingConvention of(Format format) {
    return format == Format.PE ? WINDOWS : SYSTEM_V;
  }

  /** How many arguments registers hold. */
  int registerArguments() {
    return arguments.length;
  }

  /** The register that holds an argument. */
  int argumentRegister(int index) {
    return arguments[index];
  }

  /** Where an argument on the stack lies, from the first place that may hold one. */
  int stackArgument(int index) {
    return (index - AnalysedFunction.REGISTER_ARGUMENTS) * 8 + shadowSpace;
  }

  /** Whether a callee leaves a general register as it was. */
  boolean keeps(int register) {
    return switch (register) {
      case Registers.RBX, Registers.RSP, Registers.RBP, 12, 13, 14, 15 -> true;
      case Registers.RSI, Registers.RDI -> this == WINDOWS;
      default -> false;
    };
  }

  /** Whether a callee leaves the low 128 bits of a vector register as they were. */
  boolean keepsVector(int register) {
    return this == WINDOWS && register >= 6;
  }
}
