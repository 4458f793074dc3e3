package dev.sigill.analysis;

import dev.sigill.isa.x86.X86Decoder;

/** What instructions that neither jump nor call do to registers, memory and flags. */
final class Instructions {
  /** What opcodes and ModRM's reg field number so: ADD, OR, ADC, SBB, AND, SUB, XOR, CMP. */
  private static final Values.Operation[] OPERATIONS = {
    Values.Operation.ADD,
    Values.Operation.OR,
    Values.Operation.ADD,
    Values.Operation.SUBTRACT,
    Values.Operation.AND,
    Values.Operation.SUBTRACT,
    Values.Operation.XOR,
    Values.Operation.SUBTRACT
  };

  private final Interpretation interpretation;
  private final Values values;
  private final X86Decoder decoder;
  private final State state;
  private final Operands operands;
  private final MemoryOperand memory;
  private final VectorMoves vectors;
  private final Flags flags;

  Instructions(
      BlockVisit visit, Operands operands, MemoryOperand memory, VectorMoves vectors, Flags flags) {
    this.interpretation = visit.interpretation;
    this.values = visit.values;
    this.decoder = visit.decoder;
    this.state = visit.state;
    this.operands = operands;
    this.memory = memory;
    this.vectors = vectors;
    this.flags = flags;
  }

  /** Applies the instruction decoded last. */
  void apply() {
    int encoding = decoder.encoding();
    if (encoding == X86Decoder.LEGACY) {
      switch (decoder.map()) {
        case 0 -> {
          applyOneByte(decoder.opcode());
          return;
        }
        case 1 -> {
          applyTwoByte(decoder.opcode());
          return;
        }
        default -> {}
      }
    }
    if (!vectors.move()) {
      applyOther();
    }
  }

  private void applyOneByte(int opcode) {
    int size = decoder.operandSize();
    if (opcode < 0x40 && (opcode & 7) < 6) {
      arithmeticForm(opcode, size);
      return;
    }
    switch (opcode) {
      case 0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57 ->
          push(state.register[decoder.opcodeRegister()]);
      case 0x58, 0x59, 0x5a, 0x5b, 0x5c, 0x5d, 0x5e, 0x5f ->
          operands.write(decoder.opcodeRegister(), 8, pop());
      case 0x68, 0x6a -> push(Values.constant(decoder.immediate(), Guards.NONE));
      case 0x63 -> operands.write(decoder.modrmReg(), size, signExtended(operands.modrm(4), 4));
      case 0x80 -> group1(1);
      case 0x81, 0x83 -> group1(size);
      case 0x84 -> test(operands.modrm(1), operands.read(decoder.modrmReg(), 1), 1);
      case 0x85 -> test(operands.modrm(size), operands.read(decoder.modrmReg(), size), size);
      case 0x86, 0x87 -> exchange(opcode == 0x86 ? 1 : size);
      case 0x88 -> operands.setModrm(1, operands.read(decoder.modrmReg(), 1));
      case 0x89 -> operands.setModrm(size, operands.read(decoder.modrmReg(), size));
      case 0x8a -> operands.write(decoder.modrmReg(), 1, operands.modrm(1));
      case 0x8b -> operands.write(decoder.modrmReg(), size, operands.modrm(size));
      case 0x8d ->
          operands.write(decoder.modrmReg(), size, values.truncated(memory.address(), size));
      case 0x8f -> operands.setModrm(8, pop());
      case 0x90 -> {
        if (decoder.opcodeRegister() != Registers.RAX) {
          long other = state.register[decoder.opcodeRegister()];
          operands.write(decoder.opcodeRegister(), size, state.register[Registers.RAX]);
          operands.write(Registers.RAX, size, other);
        }
      }
      case 0x69, 0x6b -> multiply(operands.modrm(size), immediate(), size);
      case 0x98 ->
          operands.write(
              Registers.RAX, size, signExtended(operands.read(Registers.RAX, size / 2), size / 2));
      case 0x99 ->
          operands.write(
              Registers.RDX, size, Values.top(Values.guard(state.register[Registers.RAX])));
      case 0xa8 -> test(operands.read(Registers.RAX, 1), immediate(), 1);
      case 0xa9 -> test(operands.read(Registers.RAX, size), immediate(), size);
      case 0xb0, 0xb1, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xb7 ->
          operands.write(decoder.opcodeRegister(), 1, immediateOf(1));
      case 0xb8, 0xb9, 0xba, 0xbb, 0xbc, 0xbd, 0xbe, 0xbf ->
          operands.write(decoder.opcodeRegister(), size, immediateOf(size));
      case 0xc0, 0xc1, 0xd0, 0xd1, 0xd2, 0xd3 -> shift(opcode, size);
      case 0xc6 -> operands.setModrm(1, immediateOf(1));
      case 0xc7 -> operands.setModrm(size, immediateOf(size));
      case 0xc9 -> {
        state.register[Registers.RSP] = state.register[Registers.RBP];
        operands.write(Registers.RBP, 8, pop());
      }
      case 0xf6 -> group3(1);
      case 0xf7 -> group3(size);
      case 0xfe -> group4(1);
      case 0xff -> group4(size);
      default -> applyOther();
    }
  }

  private long immediate() {
    return values.literal(decoder.immediate());
  }

  private long immediateOf(int size) {
    return values.literal(Values.mask(decoder.immediate(), size));
  }

  private void push(long value) {
    long pointer = values.moved(state.register[Registers.RSP], -8);
    state.register[Registers.RSP] = pointer;
    if (Values.kind(pointer) == Values.STACK) {
      state.setSlot((int) Values.signed(pointer), 8, value);
    }
  }

  private long pop() {
    long pointer = state.register[Registers.RSP];
    long value =
        Values.kind(pointer) == Values.STACK
            ? state.known((int) Values.signed(pointer), 8, values)
            : Values.UNKNOWN;
    state.register[Registers.RSP] = values.moved(pointer, 8);
    return value;
  }

  private long signExtended(long value, int size) {
    return Values.isConstant(value)
        ? Values.constant(Values.signExtended(Values.number(value), size), Values.guard(value))
        : value;
  }

  /** ADD, OR, ADC, SBB, AND, SUB, XOR, CMP in their six register and accumulator forms. */
  private void arithmeticForm(int opcode, int operandSize) {
    int operation = opcode >> 3 & 7;
    int form = opcode & 7;
    int size = (form & 1) == 0 ? 1 : operandSize;
    switch (form) {
      case 0, 1 ->
          arithmeticOnOperand(operation, size, operands.read(decoder.modrmReg(), size), true);
      case 2, 3 -> {
        long right = operands.modrm(size);
        long left = operands.read(decoder.modrmReg(), size);
        long value = arithmetic(operation, left, right, size, isSameRegister());
        if (operation != 7) {
          operands.replace(decoder.modrmReg(), size, value);
        }
      }
      default -> {
        long left = operands.read(Registers.RAX, size);
        long value = arithmetic(operation, left, immediateOf(size), size, false);
        if (operation != 7) {
          operands.replace(Registers.RAX, size, value);
        }
      }
    }
  }

  private void group1(int size) {
    arithmeticOnOperand(decoder.modrmReg() & 7, size, immediateOf(size), false);
  }

  private void arithmeticOnOperand(int operation, int size, long right, boolean isRegister) {
    boolean isSame = isRegister && isSameRegister();
    long left = operands.modrm(size);
    long value = arithmetic(operation, left, right, size, isSame);
    if (operation != 7) {
      operands.replaceModrm(size, value);
    }
  }

  /** Whether both operands are one register. */
  private boolean isSameRegister() {
    return !decoder.hasMemory() && decoder.modrmReg() == decoder.modrmRm();
  }

  private long arithmetic(int operation, long left, long right, int size, boolean isSame) {
    switch (operation) {
      case 7 -> {
        flags.compare(left, right, size);
        return left;
      }
      case 2, 3 -> {
        // ADC and SBB take part of the flags along.
        boolean isTainted =
            state.flagTaint || !isSame && (Values.isTainted(left) || Values.isTainted(right));
        flags.other(isTainted);
        return Values.top(isTainted ? Guards.UNKNOWN : Guards.NONE);
      }
      default -> {
        if (isSame && (operation == 6 || operation == 5)) {
          long zero = Values.constant(0, Guards.NONE);
          flags.of(zero, size);
          return zero;
        }
        long value =
            isSame && (operation == 1 || operation == 4)
                ? left
                : values.compute(OPERATIONS[operation], left, right, size);
        if (operation == 5) {
          flags.compare(left, right, size);
        } else {
          flags.of(value, size);
        }
        return values.truncated(value, size);
      }
    }
  }

  private void test(long left, long right, int size) {
    boolean isSame =
        !decoder.hasMemory()
            && decoder.hasModrm()
            && decoder.modrmReg() == decoder.modrmRm()
            && (decoder.opcode() == 0x84 || decoder.opcode() == 0x85);
    long value =
        isSame
            ? left
            : values.compute(
                Values.Operation.AND,
                left,
                Values.isConstant(right)
                    ? Values.constant(Values.mask(Values.number(right), size), Values.guard(right))
                    : right,
                size);
    flags.of(value, size);
  }

  private void exchange(int size) {
    long register = operands.read(decoder.modrmReg(), size);
    long other = operands.modrm(size);
    operands.replaceModrm(size, register);
    operands.write(decoder.modrmReg(), size, other);
  }

  private void shift(int opcode, int operandSize) {
    int size = (opcode & 1) == 0 ? 1 : operandSize;
    long count =
        switch (opcode) {
          case 0xc0, 0xc1 -> Values.constant(decoder.immediate() & 63, Guards.NONE);
          case 0xd0, 0xd1 -> Values.constant(1, Guards.NONE);
          default -> operands.read(Registers.RCX, 1);
        };
    int operation = decoder.modrmReg() & 7;
    long left = operands.modrm(size);
    long value =
        switch (operation) {
          case 4, 6 -> values.compute(Values.Operation.SHIFT_LEFT, left, count, size);
          case 5 -> values.compute(Values.Operation.SHIFT_RIGHT, left, count, size);
          case 7 ->
              Values.kind(left) == Values.BITS || Values.kind(left) == Values.SET
                  ? values.compute(Values.Operation.SHIFT_RIGHT, left, count, size)
                  : Values.top(values.anyTaint(left, count));
          default -> Values.top(values.anyTaint(left, count));
        };
    flags.of(value, size);
    operands.replaceModrm(size, value);
  }

  /** TEST, NOT, NEG, MUL, IMUL, DIV, IDIV. */
  private void group3(int size) {
    switch (decoder.modrmReg() & 7) {
      case 0, 1 -> {
        long left = operands.modrm(size);
        flags.of(values.compute(Values.Operation.AND, left, immediateOf(size), size), size);
      }
      case 2, 3 -> {
        long old = operands.modrm(size);
        long value =
            (decoder.modrmReg() & 7) == 2
                ? values.compute(
                    Values.Operation.XOR, old, values.literal(Values.mask(-1L, size)), size)
                : Values.top(Values.guard(old));
        operands.replaceModrm(size, value);
        if ((decoder.modrmReg() & 7) == 3) {
          flags.other(Values.isTainted(old));
        }
      }
      default -> {
        long old = operands.modrm(size);
        int taint = values.anyTaint(old, state.register[Registers.RAX]);
        operands.write(Registers.RAX, size, Values.top(taint));
        if (size > 1) {
          operands.write(Registers.RDX, size, Values.top(taint));
        }
        flags.other(taint != Guards.NONE);
      }
    }
  }

  /** INC, DEC and PUSH of an operand. */
  private void group4(int size) {
    int operation = decoder.modrmReg() & 7;
    if (operation == 6) {
      push(operands.modrm(8));
      return;
    }
    if (operation > 1) {
      return;
    }
    long one = Values.constant(1, Guards.NONE);
    long left = operands.modrm(size);
    long value =
        values.compute(
            operation == 0 ? Values.Operation.ADD : Values.Operation.SUBTRACT, left, one, size);
    flags.of(value, size);
    operands.replaceModrm(size, value);
  }

  private void applyTwoByte(int opcode) {
    int size = decoder.operandSize();
    if ((opcode & 0xf0) == 0x40) {
      moveWhere(opcode & 15, size);
      return;
    }
    if ((opcode & 0xf0) == 0x90) {
      setWhere(opcode & 15);
      return;
    }
    switch (opcode) {
      case 0xa2 -> cpuid();
      case 0x01 -> {
        if (decoder.lastByte() == 0xd0) {
          operands.write(Registers.RAX, 4, values.enabledStates());
          operands.write(Registers.RDX, 4, Values.top(Guards.UNKNOWN));
        } else {
          applyOther();
        }
      }
      case 0xb6 -> operands.write(decoder.modrmReg(), size, operands.modrm(1));
      case 0xb7 -> operands.write(decoder.modrmReg(), size, operands.modrm(2));
      case 0xbe -> operands.write(decoder.modrmReg(), size, signExtended(operands.modrm(1), 1));
      case 0xbf -> operands.write(decoder.modrmReg(), size, signExtended(operands.modrm(2), 2));
      case 0xa3, 0xab, 0xb3, 0xbb -> bitTest(size, operands.read(decoder.modrmReg(), size), opcode);
      case 0xba -> bitTest(size, immediate(), 0xa3 + ((decoder.modrmReg() & 3) << 3));
      case 0xb0, 0xb1 -> compareExchange(opcode == 0xb0 ? 1 : size);
      case 0xc0, 0xc1 -> {
        int width = opcode == 0xc0 ? 1 : size;
        long old = operands.modrm(width);
        long sum =
            values.compute(
                Values.Operation.ADD, old, operands.read(decoder.modrmReg(), width), width);
        flags.of(sum, width);
        operands.replaceModrm(width, sum);
        operands.write(decoder.modrmReg(), width, old);
      }
      case 0xaf -> multiply(operands.modrm(size), operands.read(decoder.modrmReg(), size), size);
      default -> {
        if (!vectors.move()) {
          applyOther();
        }
      }
    }
  }

  /** CMOVcc: what the condition implies holds for what is moved. */
  private void moveWhere(int condition, int size) {
    long other = operands.modrm(size);
    long old = operands.read(decoder.modrmReg(), size);
    long value =
        state.flagTaint
            ? moved(other, flags.implied(condition), old, flags.implied(condition ^ 1))
            : values.join(other, old);
    operands.write(decoder.modrmReg(), size, value);
  }

  private long moved(long other, int guard, long old, int oldGuard) {
    boolean areFlags = values.isWord(other) && values.isWord(old);
    return areFlags
        ? values.met(other, values.chosen(other, guard), old, values.chosen(old, oldGuard))
        : values.join(values.guarded(other, guard), values.guarded(old, oldGuard));
  }

  /** SETcc. */
  private void setWhere(int condition) {
    long value =
        state.flagTaint
            ? values.join(
                Values.constant(1, flags.implied(condition)),
                Values.constant(0, flags.implied(condition ^ 1)))
            : Values.UNKNOWN;
    operands.setModrm(1, value);
  }

  /** IMUL into a register: code that was not optimised finds the elements of an array so. */
  private void multiply(long left, long right, int size) {
    long product =
        Values.isConstant(left) && Values.isConstant(right)
            ? Values.constant(
                Values.mask(Values.number(left) * Values.number(right), size),
                interpretation.guards.both(Values.guard(left), Values.guard(right)))
            : Values.top(values.anyTaint(left, right));
    operands.write(decoder.modrmReg(), size, product);
    flags.other(Values.isTainted(left) || Values.isTainted(right));
  }

  private void bitTest(int size, long bit, int opcode) {
    if (decoder.hasMemory() && !Values.isConstant(bit)) {
      // The bit may lie far from the address.
      long word = memory.load(size);
      flags.other(Values.isTainted(word) || Values.isTainted(bit));
      return;
    }
    long word = operands.modrm(size);
    if (Values.isConstant(bit)) {
      flags.bit(word, (int) (Values.number(bit) & (size * 8L - 1)), size);
    } else {
      flags.other(Values.isTainted(word) || Values.isTainted(bit));
    }
    if (opcode != 0xa3) {
      long value;
      if (Values.isConstant(bit)) {
        long mask = 1L << (Values.number(bit) & (size * 8L - 1));
        value =
            switch (opcode) {
              case 0xab -> values.compute(Values.Operation.OR, word, values.literal(mask), size);
              case 0xb3 ->
                  values.compute(
                      Values.Operation.AND, word, values.literal(Values.mask(~mask, size)), size);
              default -> Values.top(Values.guard(word));
            };
      } else {
        value = Values.top(values.anyTaint(word, bit));
      }
      operands.replaceModrm(size, value);
    }
  }

  private void compareExchange(int size) {
    long old = operands.modrm(size);
    long replacement = operands.read(decoder.modrmReg(), size);
    operands.replaceModrm(size, values.join(old, replacement));
    flags.compare(operands.read(Registers.RAX, size), old, size);
    operands.write(Registers.RAX, size, old);
  }

  private void cpuid() {
    long leaf = state.register[Registers.RAX];
    long subleaf = state.register[Registers.RCX];
    long a = Values.top(Guards.UNKNOWN);
    long b = a;
    long c = a;
    long d = a;
    if (Values.isConstant(leaf)) {
      int number = (int) Values.number(leaf);
      if (CpuCheckSources.isDescription(number)) {
        a = Values.UNKNOWN;
        b = a;
        c = a;
        d = a;
      } else {
        int sub = Values.isConstant(subleaf) ? (int) Values.number(subleaf) : 0;
        a =
            switch (number) {
              case 0, 0x80000000 -> Values.encode(Values.HIGHEST_LEAF, Guards.NONE, 0);
              case 1 -> a;
              default -> values.cpuid(number, sub, "EAX");
            };
        b = values.cpuid(number, sub, "EBX");
        c = values.cpuid(number, sub, "ECX");
        d = values.cpuid(number, sub, "EDX");
      }
    }
    operands.write(Registers.RAX, 4, a);
    operands.write(Registers.RBX, 4, b);
    operands.write(Registers.RCX, 4, c);
    operands.write(Registers.RDX, 4, d);
  }

  /** Any other instruction: what it writes becomes unknown, tainted where what it reads is. */
  private void applyOther() {
    int reads = decoder.gprReads();
    int writes = decoder.gprWrites();
    boolean isTainted = false;
    for (int r = 0; r < 16; r++) {
      isTainted |= (reads >>> r & 1) != 0 && Values.isTainted(state.register[r]);
    }
    isTainted |= vectors.isAnyTold(decoder.vectorReads());
    if (decoder.readsFlags()) {
      isTainted |= state.flagTaint;
    }
    if (decoder.hasMemory() && (decoder.memoryAccess() & X86Decoder.READ) != 0) {
      int size = decoder.memoryBytes();
      if (size >= 1 && size <= 8) {
        isTainted |= Values.isTainted(memory.load(size));
      }
    }
    if (decoder.hasMemory() && (decoder.memoryAccess() & X86Decoder.WRITE) != 0) {
      int size = decoder.memoryBytes();
      if (size > 0) {
        memory.store(size, Values.top(isTainted ? Guards.UNKNOWN : Guards.NONE));
      }
    }
    long unknown = Values.top(isTainted ? Guards.UNKNOWN : Guards.NONE);
    for (int r = 0; r < 16; r++) {
      if ((writes >>> r & 1) != 0) {
        if (r == Registers.RSP && Values.kind(state.register[Registers.RSP]) == Values.STACK) {
          continue;
        }
        operands.write(r, 8, unknown);
      }
    }
    int vectorWrites = decoder.vectorWrites();
    for (int v = 0; v < 16; v++) {
      if ((vectorWrites >>> v & 1) != 0) {
        vectors.write(v, unknown, unknown, unknown, unknown);
      }
    }
    if (decoder.clearsUpperVectors()) {
      state.forgetUpperHalves();
    }
    if (decoder.writesFlags()) {
      flags.other(isTainted);
    }
  }
}
