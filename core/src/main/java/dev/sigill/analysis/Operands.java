package dev.sigill.analysis;

import dev.sigill.isa.x86.X86Decoder;

/** The operands of an instruction that are general registers, or one or memory. */
final class Operands {
  private final BlockVisit visit;
  private final Values values;
  private final X86Decoder decoder;
  private final State state;
  private final MemoryOperand memory;

  Operands(BlockVisit visit, MemoryOperand memory) {
    this.visit = visit;
    this.values = visit.values;
    this.decoder = visit.decoder;
    this.state = visit.state;
    this.memory = memory;
  }

  /** The low bytes of a register. */
  long read(int register, int size) {
    if (register < 0 || register > 15) {
      return Values.UNKNOWN;
    }
    if (size == 1 && isHighByte(register)) {
      long shifted =
          values.compute(
              Values.Operation.SHIFT_RIGHT,
              state.register[register - 4],
              Values.constant(8, Guards.NONE),
              4);
      return values.truncated(shifted, 1);
    }
    return values.truncated(state.register[register], size);
  }

  /** Writes to a register. */
  void write(int register, int size, long value) {
    if (register < 0 || register > 15) {
      return;
    }
    if (size == 1 && isHighByte(register)) {
      replace(register, size, value);
      return;
    }
    state.register[register] = chosen(value);
  }

  /**
   * A value with the check behind which this block runs, where it tells of it. Flags do not: what
   * they say, they say whatever was asked before.
   */
  private long chosen(long value) {
    return Values.kind(value) == Values.BITS ? value : values.chosen(value, visit.here);
  }

  /**
   * Writes to a register what was computed from it: the bytes beside those that are written stay,
   * which matters where they are flags.
   */
  void replace(int register, int size, long value) {
    if (register < 0 || register > 15) {
      return;
    }
    boolean isHigh = size == 1 && isHighByte(register);
    int whole = isHigh ? register - 4 : register;
    int shift = isHigh ? 8 : 0;
    long old = state.register[whole];
    if (size < 4 && values.isWord(old) && values.isWord(value)) {
      long moved =
          values.compute(
              Values.Operation.SHIFT_LEFT, value, Values.constant(shift, Guards.NONE), 8);
      long rest =
          values.compute(
              Values.Operation.AND, old, values.literal(~((1L << size * 8) - 1 << shift)), 8);
      long both = values.compute(Values.Operation.OR, rest, moved, 8);
      state.register[whole] = chosen(both);
    } else if (isHigh) {
      state.register[whole] = Values.top(values.anyTaint(old, value));
    } else {
      write(register, size, value);
    }
  }

  private boolean isHighByte(int register) {
    return register >= 4 && register < 8 && decoder.hasHighBytes();
  }

  /** The operand that ModRM's r/m field names: a register or memory. */
  long modrm(int size) {
    return decoder.hasMemory() ? memory.load(size) : read(decoder.modrmRm(), size);
  }

  /** Writes to that operand. */
  void setModrm(int size, long value) {
    if (decoder.hasMemory()) {
      memory.store(size, value);
    } else {
      write(decoder.modrmRm(), size, value);
    }
  }

  /** Writes to that operand once it was read: where it lies is known. */
  void replaceModrm(int size, long value) {
    if (decoder.hasMemory()) {
      memory.storePlace(size, value);
    } else {
      replace(decoder.modrmRm(), size, value);
    }
  }
}
