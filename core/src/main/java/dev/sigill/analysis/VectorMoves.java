package dev.sigill.analysis;

import dev.sigill.isa.x86.X86Decoder;

/** Vector registers, as far as code moves pointers and what checks found through them. */
final class VectorMoves {
  // Mandatory prefixes as the decoder numbers them.
  private static final int PREFIX_66 = 1;
  private static final int PREFIX_F3 = 2;
  private static final int PREFIX_F2 = 3;

  private final BlockVisit visit;
  private final Values values;
  private final X86Decoder decoder;
  private final State state;
  private final Operands operands;
  private final MemoryOperand memory;

  VectorMoves(BlockVisit visit, Operands operands, MemoryOperand memory) {
    this.visit = visit;
    this.values = visit.values;
    this.decoder = visit.decoder;
    this.state = visit.state;
    this.operands = operands;
    this.memory = memory;
  }

  /** Moves of pointers through vector registers, legacy and VEX; false for anything else. */
  boolean move() {
    int map = decoder.map();
    int opcode = decoder.opcode();
    int prefix = decoder.mandatoryPrefix();
    boolean isVex = decoder.encoding() == X86Decoder.VEX;
    if (!isVex && decoder.encoding() != X86Decoder.LEGACY) {
      return false;
    }
    int reg = decoder.modrmReg();
    int rm = decoder.modrmRm();
    if (map == 3 && opcode == 0x22 && prefix == PREFIX_66) {
      // PINSRQ/D
      int source = isVex ? decoder.vvvv() : reg;
      if (!decoder.isWide()) {
        insert(reg, source, operands.modrm(4), (int) decoder.immediate() & 3);
        return true;
      }
      long value = operands.modrm(8);
      boolean isHigh = (decoder.immediate() & 1) != 0;
      write(reg, isHigh ? half(source, 0) : value, isHigh ? value : half(source, 1));
      return true;
    }
    if (map != 1) {
      return false;
    }
    switch (opcode) {
      case 0x6e -> {
        if (prefix != PREFIX_66) {
          return false;
        }
        write(reg, operands.modrm(decoder.isWide() ? 8 : 4), Values.constant(0, 0));
      }
      case 0x7e -> {
        if (prefix == PREFIX_F3) {
          long low = decoder.hasMemory() ? memory.load(8) : half(rm, 0);
          write(reg, low, Values.constant(0, 0));
        } else if (prefix == PREFIX_66) {
          int size = decoder.isWide() ? 8 : 4;
          long value = values.truncated(half(reg, 0), size);
          if (decoder.hasMemory()) {
            memory.store(size, value);
          } else {
            operands.write(rm, size, value);
          }
        } else {
          return false;
        }
      }
      case 0xd6 -> {
        if (prefix != PREFIX_66) {
          return false;
        }
        if (decoder.hasMemory()) {
          memory.store(8, half(reg, 0));
        } else {
          write(rm, half(reg, 0), Values.constant(0, 0));
        }
      }
      case 0x10, 0x28, 0x6f -> {
        if (opcode == 0x10 && (prefix == PREFIX_F3 || prefix == PREFIX_F2)) {
          // MOVSS/MOVSD: numbers.
          if (prefix == PREFIX_F2 && decoder.hasMemory()) {
            write(reg, memory.load(8), Values.constant(0, 0));
            return true;
          }
          return false;
        }
        if (opcode == 0x6f && prefix == 0) {
          return false;
        }
        if (decoder.hasMemory()) {
          long low = memory.loadPart(0);
          long high = memory.loadPart(1);
          boolean isWide = isVex && decoder.vectorLength() > 16;
          write(
              reg,
              low,
              high,
              isWide ? memory.loadPart(2) : Values.UNKNOWN,
              isWide ? memory.loadPart(3) : Values.UNKNOWN);
        } else {
          copy(reg, rm);
        }
      }
      case 0x11, 0x29, 0x7f -> {
        if (opcode == 0x11 && (prefix == PREFIX_F3 || prefix == PREFIX_F2)) {
          if (decoder.hasMemory()) {
            memory.store(
                prefix == PREFIX_F2 ? 8 : 4, prefix == PREFIX_F2 ? half(reg, 0) : Values.UNKNOWN);
            return true;
          }
          return false;
        }
        if (opcode == 0x7f && prefix == 0) {
          return false;
        }
        if (decoder.hasMemory()) {
          int parts = isVex && decoder.vectorLength() > 16 ? 4 : 2;
          for (int part = 0; part < parts; part++) {
            long value = half(reg, part);
            if (part < 2 || value != Values.UNKNOWN) {
              memory.storePart(part, value);
            } else {
              memory.forgetPart(part);
            }
          }
        } else {
          copy(rm, reg);
        }
      }
      case 0x16 -> {
        // MOVHPS/MOVHPD from memory, MOVLHPS between registers
        int source = isVex ? decoder.vvvv() : reg;
        long high = decoder.hasMemory() ? memory.load(8) : half(rm, 0);
        write(reg, half(source, 0), high);
      }
      case 0x17 -> {
        if (!decoder.hasMemory()) {
          return false;
        }
        memory.store(8, half(reg, 1));
      }
      case 0x12 -> {
        if (!decoder.hasMemory() || prefix == PREFIX_F2 || prefix == PREFIX_F3) {
          return false;
        }
        int source = isVex ? decoder.vvvv() : reg;
        write(reg, memory.load(8), half(source, 1));
      }
      case 0x13 -> memory.store(8, half(reg, 0));
      case 0x6c -> {
        // PUNPCKLQDQ
        if (prefix != PREFIX_66) {
          return false;
        }
        int source = isVex ? decoder.vvvv() : reg;
        long high = decoder.hasMemory() ? memory.load(8) : half(rm, 0);
        write(reg, half(source, 0), high);
      }
      case 0x62 -> {
        // PUNPCKLDQ
        if (prefix != PREFIX_66 || decoder.hasMemory()) {
          return false;
        }
        int source = isVex ? decoder.vvvv() : reg;
        long mine = half(source, 0);
        long other = half(rm, 0);
        write(reg, paired(mine, other), paired(upper(mine), upper(other)));
      }
      case 0x57, 0xef -> {
        int source = isVex ? decoder.vvvv() : reg;
        boolean isZeroing =
            !decoder.hasMemory() && source == rm && (opcode == 0x57 || prefix == PREFIX_66);
        if (!isZeroing) {
          return false;
        }
        write(reg, Values.constant(0, 0), Values.constant(0, 0));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Replaces one of the four 32-bit parts of a vector register. */
  private void insert(int register, int source, long part, int index) {
    long low = half(source, 0);
    long high = half(source, 1);
    long half = index < 2 ? low : high;
    long changed = (index & 1) == 0 ? paired(part, upper(half)) : paired(half, part);
    write(register, index < 2 ? changed : low, index < 2 ? high : changed);
  }

  /** Eight bytes of the low halves of two values. */
  private long paired(long low, long high) {
    long shifted =
        values.compute(
            Values.Operation.SHIFT_LEFT,
            values.truncated(high, 4),
            Values.constant(32, Guards.NONE),
            8);
    return values.compute(Values.Operation.OR, values.truncated(low, 4), shifted, 8);
  }

  /** The high half of eight bytes. */
  private long upper(long value) {
    return values.compute(Values.Operation.SHIFT_RIGHT, value, Values.constant(32, Guards.NONE), 8);
  }

  private void copy(int to, int from) {
    write(to, half(from, 0), half(from, 1), half(from, 2), half(from, 3));
  }

  /** Writes the low half of a register of 256 bits, and forgets the other. */
  private void write(int register, long low, long high) {
    write(register, low, high, Values.UNKNOWN, Values.UNKNOWN);
  }

  /** Writes the four parts of eight bytes of a register. */
  void write(int register, long low, long high, long third, long fourth) {
    if (register >= 0 && register < State.VECTORS) {
      state.setVector(register, 0, element(low));
      state.setVector(register, 1, element(high));
      state.setVector(register, 2, element(third));
      state.setVector(register, 3, element(fourth));
    }
  }

  /**
   * A part of a vector that code behind a check computes. Numbers are what vectors are for, and
   * tell nothing of the check unless they are stored.
   */
  private long element(long value) {
    return Values.isConstant(value) ? value : values.chosen(value, visit.here);
  }

  private long half(int register, int half) {
    return register >= 0 && register < State.VECTORS
        ? state.vector(register, half)
        : Values.UNKNOWN;
  }

  /** Whether some vector register of a set, one bit each, holds what tells of the processor. */
  boolean isAnyTold(int registers) {
    for (int v = 0; v < State.VECTORS; v++) {
      if ((registers >>> v & 1) != 0) {
        for (int half = 0; half < 4; half++) {
          long value = state.vector(v, half);
          if (Values.isTainted(value) && tellsAsNumber(value)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static boolean tellsAsNumber(long value) {
    return switch (Values.kind(value)) {
      case Values.TOP, Values.BITS, Values.SET -> true;
      default -> false;
    };
  }
}
