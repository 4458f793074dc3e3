package dev.sigill.image.elf;

import dev.sigill.platform.Architecture;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The registers of one function that has not returned, numbered as DWARF does (System V psABI for
 * x86-64, figure 3.36; DWARF for the Arm 64-bit Architecture, section 4.1).
 */
public final class FrameRegisters {
  private static final int X86_64_RSP = 7;
  private static final int X86_64_RBP = 6;
  private static final int ARM64_SP = 31;
  private static final int ARM64_FP = 29;

  /** Registers of greater numbers are not for addresses. */
  static final int COUNT = 33;

  private final Architecture architecture;
  private final long[] values;
  private final long programCounter;
  private final boolean isAfterCall;

  private FrameRegisters(
      Architecture architecture, long[] values, long programCounter, boolean isAfterCall) {
    this.architecture = architecture;
    this.values = values;
    this.programCounter = programCounter;
    this.isAfterCall = isAfterCall;
  }

  /** Whether frames of this architecture can be followed. */
  public static boolean isKnown(Architecture architecture) {
    return architecture == Architecture.X86_64 || architecture == Architecture.ARM64;
  }

  /**
   * The registers of a thread where it was stopped.
   *
   * @param architecture x86-64 or arm64
   * @param general the values of the general registers by their DWARF numbers; missing ones are 0
   * @param programCounter address of the instruction
   */
  public static FrameRegisters of(Architecture architecture, long[] general, long programCounter) {
    if (!isKnown(architecture)) {
      throw new IllegalArgumentException("no frames of " + architecture.id());
    }
    return new FrameRegisters(
        architecture, java.util.Arrays.copyOf(general, COUNT), programCounter, false);
  }

  /** Those of the caller, after its call. */
  FrameRegisters caller(long[] changed, long returnAddress, boolean isInterrupted) {
    return new FrameRegisters(architecture, changed, returnAddress, !isInterrupted);
  }

  /**
   * Those of the caller where the program counter was led astray by a call: nothing was done since
   * but that the call left the return address, on x86-64 on the stack, on arm64 in register 30.
   *
   * @param word what lies at the stack pointer
   */
  public FrameRegisters calledFrom(long word) {
    long[] changed = values.clone();
    if (architecture == Architecture.ARM64) {
      return caller(changed, code(values[30]), false);
    }
    changed[X86_64_RSP] += 8;
    return caller(changed, word, false);
  }

  /**
   * Those of the caller as the frame pointer tells: where a function keeps one, it points to the
   * caller's, and the return address lies beside that. Empty where the stack does not hold them.
   */
  public Optional<FrameRegisters> byFramePointer(CallFrames.Memory memory) {
    int number = architecture == Architecture.ARM64 ? ARM64_FP : X86_64_RBP;
    long frame = values[number];
    OptionalLong next = memory.word(frame);
    OptionalLong address = memory.word(frame + 8);
    boolean isUp = Long.compareUnsigned(frame, stackPointer()) >= 0;
    if (!isUp || next.isEmpty() || address.isEmpty()) {
      return Optional.empty();
    }
    long[] changed = values.clone();
    changed[number] = next.getAsLong();
    changed[stackRegister(architecture)] = frame + 16;
    return Optional.of(caller(changed, code(address.getAsLong()), false));
  }

  /** The address of the instruction, or that after the call that has not returned. */
  public long programCounter() {
    return programCounter;
  }

  /** An address within the instruction, or within the call: it belongs to the function for sure. */
  public long place() {
    return isAfterCall ? programCounter - 1 : programCounter;
  }

  /** The stack's end. */
  public long stackPointer() {
    return values[stackRegister(architecture)];
  }

  /** The register that holds the stack's end. */
  static int stackRegister(Architecture architecture) {
    return architecture == Architecture.ARM64 ? ARM64_SP : X86_64_RSP;
  }

  Architecture architecture() {
    return architecture;
  }

  /** A register's value; 0 for numbers that are none. */
  long value(long number) {
    return number >= 0 && number < COUNT ? values[(int) number] : 0;
  }

  long[] values() {
    return values.clone();
  }

  /** An address of code without what pointer authentication put into its upper bits. */
  long code(long address) {
    return architecture == Architecture.ARM64 ? address & 0xffff_ffff_ffffL : address;
  }
}
