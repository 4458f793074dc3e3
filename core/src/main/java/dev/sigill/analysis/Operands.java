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
      long old = state.register[register - 4];
      state.register[register - 4] = Values.top(values.anyTaint(old, value));
      return;
    }
    state.register[register] = values.chosen(value, visit.here);
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
      write(decoder.modrmRm(), size, value);
    }
  }
}
