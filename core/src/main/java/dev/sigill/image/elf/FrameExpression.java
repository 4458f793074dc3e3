package dev.sigill.image.elf;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Cursor;
import java.nio.ByteOrder;
import java.util.OptionalLong;

/**
 * A DWARF expression of call frame information (DWARF 5 sections 2.5 and 6.4.2.3), such as linkers
 * write for the procedure linkage table and C libraries for the return from a signal handler.
 */
final class FrameExpression {
  /** Longer ones are not read, in bytes. */
  static final int MOST_BYTES = 4096;

  private static final int MOST_STEPS = 1000;
  private static final int MOST_DEPTH = 64;

  private final Cursor cursor;
  private final long length;
  private final FrameRegisters registers;
  private final CallFrames.Memory memory;
  private final long[] stack = new long[MOST_DEPTH];
  private int depth;
  private boolean isSound = true;

  private FrameExpression(
      Bytes program, ByteOrder order, FrameRegisters registers, CallFrames.Memory memory) {
    this.cursor = new Cursor(program, 0, order);
    this.length = program.length();
    this.registers = registers;
    this.memory = memory;
  }

  /**
   * What an expression gives; empty where it is damaged, or asks for what is not known.
   *
   * @param first what lies on its stack at the beginning
   */
  static OptionalLong value(
      Bytes program,
      ByteOrder order,
      FrameRegisters registers,
      CallFrames.Memory memory,
      OptionalLong first) {
    var expression = new FrameExpression(program, order, registers, memory);
    first.ifPresent(expression::push);
    return expression.run();
  }

  private OptionalLong run() {
    for (int step = 0; isSound && cursor.isSound() && cursor.position() < length; step++) {
      if (step == MOST_STEPS) {
        return OptionalLong.empty();
      }
      operation(cursor.u8("DW_OP"));
    }
    long top = pop();
    return isSound && cursor.isSound() ? OptionalLong.of(top) : OptionalLong.empty();
  }

  private void push(long value) {
    if (depth == MOST_DEPTH) {
      isSound = false;
    } else {
      stack[depth++] = value;
    }
  }

  private long pop() {
    if (depth == 0) {
      isSound = false;
      return 0;
    }
    return stack[--depth];
  }

  /** A value below the top, without taking it. */
  private void pick(int index) {
    if (index >= depth) {
      isSound = false;
    } else {
      push(stack[depth - 1 - index]);
    }
  }

  private void operation(int code) {
    if (code >= 0x30 && code <= 0x4f) {
      push(code - 0x30L);
      return;
    }
    if (code >= 0x70 && code <= 0x8f) {
      push(registers.value(code - 0x70L) + cursor.sleb("offset"));
      return;
    }
    switch (code) {
      case 0x06 -> read();
      case 0x08 -> push(cursor.u8("constant"));
      case 0x09 -> push((byte) cursor.u8("constant"));
      case 0x0a -> push(cursor.u16("constant"));
      case 0x0b -> push((short) cursor.u16("constant"));
      case 0x0c -> push(cursor.u32("constant"));
      case 0x0d -> push(cursor.i32("constant"));
      case 0x0e, 0x0f -> push(cursor.i64("constant"));
      case 0x10 -> push(cursor.uleb("constant"));
      case 0x11 -> push(cursor.sleb("constant"));
      case 0x12 -> pick(0);
      case 0x13 -> pop();
      case 0x14 -> pick(1);
      case 0x15 -> pick(cursor.u8("index"));
      case 0x16 -> swap();
      case 0x17 -> rotate();
      case 0x19 -> push(Math.abs(pop()));
      case 0x1f -> push(-pop());
      case 0x20 -> push(~pop());
      case 0x23 -> push(pop() + cursor.uleb("addend"));
      case 0x28 -> {
        int distance = (short) cursor.u16("branch");
        jump(pop() != 0 ? distance : 0);
      }
      case 0x2f -> jump((short) cursor.u16("branch"));
      case 0x92 -> push(registers.value(cursor.uleb("register")) + cursor.sleb("offset"));
      case 0x96 -> {}
      default -> binary(code);
    }
  }

  private void binary(int code) {
    long right = pop();
    long left = pop();
    switch (code) {
      case 0x1a -> push(left & right);
      case 0x1c -> push(left - right);
      case 0x1e -> push(left * right);
      case 0x21 -> push(left | right);
      case 0x22 -> push(left + right);
      case 0x24 -> push(shift(right) ? left << right : 0);
      case 0x25 -> push(shift(right) ? left >>> right : 0);
      case 0x26 -> push(shift(right) ? left >> right : left >> 63);
      case 0x27 -> push(left ^ right);
      case 0x29 -> push(left == right ? 1 : 0);
      case 0x2a -> push(left >= right ? 1 : 0);
      case 0x2b -> push(left > right ? 1 : 0);
      case 0x2c -> push(left <= right ? 1 : 0);
      case 0x2d -> push(left < right ? 1 : 0);
      case 0x2e -> push(left != right ? 1 : 0);
      default -> isSound = false;
    }
  }

  private static boolean shift(long bits) {
    return bits >= 0 && bits < 64;
  }

  private void read() {
    OptionalLong word = memory.word(pop());
    isSound &= word.isPresent();
    push(word.orElse(0));
  }

  private void swap() {
    long top = pop();
    long second = pop();
    push(top);
    push(second);
  }

  private void rotate() {
    long top = pop();
    long second = pop();
    long third = pop();
    push(top);
    push(third);
    push(second);
  }

  private void jump(int distance) {
    cursor.seek(Math.max(0, cursor.position() + distance));
  }
}
