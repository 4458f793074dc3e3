package dev.sigill.image.elf;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Cursor;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.OptionalLong;

/**
 * Call frame information (DWARF 5 section 6.4; LSB Core, "Exception Frames"): from the registers in
 * a function to those of its caller. Whatever a file says, a step ends: programs are no longer than
 * their entry, and states are remembered up to a limit.
 */
public final class CallFrames {
  /** The memory of a process. */
  public interface Memory {
    /** The 64-bit word at an address, where it is known. */
    OptionalLong word(long address);
  }

  /** What a step to the caller led to. */
  public sealed interface Step {
    /**
     * The caller.
     *
     * @param registers as they are when the call returns
     */
    record Caller(FrameRegisters registers) implements Step {}

    /** There is none: the thread began here. */
    record Outermost() implements Step {}

    /** The image does not say, or what it says leads nowhere. */
    record Unknown() implements Step {}
  }

  private static final Step OUTERMOST = new Step.Outermost();
  private static final Step UNKNOWN = new Step.Unknown();

  private static final int MOST_REMEMBERED = 64;

  /** No entry of a real file is longer, in bytes. */
  private static final long MOST_ENTRY = 1 << 20;

  private final ElfLayout layout;
  private final ElfFunctions functions;

  CallFrames(ElfLayout layout, ElfFunctions functions) {
    this.layout = layout;
    this.functions = functions;
  }

  /**
   * Goes from a function of this image to its caller.
   *
   * @param registers of the function
   * @param bias what the loader added to the addresses as linked
   */
  public Step caller(FrameRegisters registers, long bias, Memory memory) {
    if (!layout.file.is64()) {
      return UNKNOWN;
    }
    long address = registers.place() - bias;
    long entryAddress = functions.entryOf(address);
    long entryOffset = entryAddress == -1 ? -1 : layout.fileOffset(entryAddress);
    if (entryOffset < 0) {
      return UNKNOWN;
    }
    var entry = new Entry(entryOffset, entryAddress);
    if (!entry.read() || Long.compareUnsigned(address - entry.start, entry.size) >= 0) {
      return UNKNOWN;
    }
    var rows = new Rows(entry);
    if (!rows.run(entry.common.instructions, Long.MAX_VALUE)) {
      return UNKNOWN;
    }
    rows.initial = rows.row.copy();
    // After a call, the rules are those of the call itself.
    if (!rows.run(entry.instructions, address - entry.start)) {
      return UNKNOWN;
    }
    return apply(rows.row, entry.common, registers, memory);
  }

  /** One frame description entry. */
  private final class Entry {
    private final long offset;
    private final long address;
    private long start;
    private long size;
    private Common common = new Common();
    private Bytes instructions = Bytes.of(new byte[0], "");

    Entry(long offset, long address) {
      this.offset = offset;
      this.address = address;
    }

    boolean read() {
      Bytes whole = body(offset);
      if (whole == null) {
        return false;
      }
      long bodyOffset = offset + (layout.file.u32(offset) == 0xffff_ffffL ? 12 : 4);
      var cursor = new Cursor(whole, 0, layout.file.order());
      long distance = cursor.u32("CIE_pointer");
      if (!cursor.isSound() || distance == 0 || !common.read(bodyOffset - distance)) {
        return false;
      }
      var frame = new EhFrame(layout.file);
      int width = EhFrame.fixedSize(common.pointerEncoding, layout.file.wordSize());
      if (width == 0 || !whole.has(4, 2L * width)) {
        return false;
      }
      long place = bodyOffset + 4;
      start = frame.fixed(common.pointerEncoding, place, address + (place - offset), 0);
      size = frame.fixed(common.pointerEncoding & 0x0f, place + width, 0, 0);
      if (width == 4) {
        size &= 0xffff_ffffL;
      }
      cursor.seek(4 + 2L * width);
      if (common.hasAugmentation) {
        long length = cursor.uleb("augmentation length");
        cursor.seek(cursor.position() + Math.clamp(length, 0, MOST_ENTRY));
      }
      if (!cursor.isSound() || cursor.position() > whole.length()) {
        return false;
      }
      instructions = whole.slice(cursor.position(), whole.length() - cursor.position());
      return true;
    }
  }

  /** What an entry says after its length, or null where that is not in the file. */
  private @org.jspecify.annotations.Nullable Bytes body(long offset) {
    Bytes bytes = layout.file.bytes();
    if (offset < 0 || !bytes.has(offset, 12)) {
      return null;
    }
    long length = layout.file.u32(offset);
    long at = offset + 4;
    if (length == 0xffff_ffffL) {
      length = layout.file.i64(at);
      at += 8;
    }
    return length < 4 || length > MOST_ENTRY || !bytes.has(at, length)
        ? null
        : bytes.slice(at, length);
  }

  /** One common information entry. */
  private final class Common {
    private long codeAlignment;
    private long dataAlignment;
    private int returnRegister;
    private int pointerEncoding;
    private boolean hasAugmentation;
    private boolean isSignalFrame;
    private Bytes instructions = Bytes.of(new byte[0], "");

    boolean read(long offset) {
      Bytes whole = body(offset);
      if (whole == null) {
        return false;
      }
      var cursor = new Cursor(whole, 0, layout.file.order());
      long id = cursor.u32("CIE_id");
      int version = cursor.u8("version");
      if (id != 0 || version != 1 && version != 3 && version != 4) {
        return false;
      }
      String augmentation = whole.text(cursor.position(), 16);
      cursor.seek(cursor.position() + augmentation.length() + 1);
      if (version == 4) {
        cursor.u16("address_size, segment_selector_size");
      }
      codeAlignment = cursor.uleb("code_alignment_factor");
      dataAlignment = cursor.sleb("data_alignment_factor");
      returnRegister =
          version == 1
              ? cursor.u8("return_address_register")
              : Math.clamp(cursor.uleb("return_address_register"), 0, Integer.MAX_VALUE);
      hasAugmentation = augmentation.startsWith("z");
      if (hasAugmentation) {
        long length = cursor.uleb("augmentation length");
        long end = cursor.position() + Math.clamp(length, 0, MOST_ENTRY);
        if (!readAugmentation(augmentation, cursor)) {
          return false;
        }
        cursor.seek(end);
      } else if (!augmentation.isEmpty()) {
        return false;
      }
      if (!cursor.isSound() || cursor.position() > whole.length()) {
        return false;
      }
      instructions = whole.slice(cursor.position(), whole.length() - cursor.position());
      return true;
    }

    private boolean readAugmentation(String augmentation, Cursor cursor) {
      for (int i = 1; i < augmentation.length(); i++) {
        switch (augmentation.charAt(i)) {
          case 'R' -> pointerEncoding = cursor.u8("pointer encoding");
          case 'L' -> cursor.u8("LSDA encoding");
          case 'S' -> isSignalFrame = true;
          case 'P' -> {
            int encoding = cursor.u8("personality encoding");
            int width = EhFrame.fixedSize(encoding, layout.file.wordSize());
            if (width == 0) {
              cursor.uleb("personality");
            } else {
              cursor.seek(cursor.position() + width);
            }
          }
          case 'B', 'G' -> {}
          default -> {
            return false;
          }
        }
      }
      return true;
    }
  }

  /** How a register of the caller is found. */
  private enum Rule {
    SAME,
    UNDEFINED,
    /** Kept at a distance from the canonical frame address. */
    OFFSET,
    /** It is that address and a distance. */
    VALUE_OFFSET,
    /** It is in another register. */
    REGISTER,
    /** Kept at the address that an expression gives. */
    EXPRESSION,
    VALUE_EXPRESSION
  }

  /** The rules at one address. */
  private static final class Row {
    private final Rule[] rules = new Rule[FrameRegisters.COUNT];
    private final long[] numbers = new long[FrameRegisters.COUNT];
    private final Bytes[] expressions = new Bytes[FrameRegisters.COUNT];
    private long frameRegister = -1;
    private long frameOffset;
    private @org.jspecify.annotations.Nullable Bytes frameExpression;

    Row() {
      java.util.Arrays.fill(rules, Rule.SAME);
    }

    Row copy() {
      var row = new Row();
      System.arraycopy(rules, 0, row.rules, 0, rules.length);
      System.arraycopy(numbers, 0, row.numbers, 0, numbers.length);
      System.arraycopy(expressions, 0, row.expressions, 0, expressions.length);
      row.frameRegister = frameRegister;
      row.frameOffset = frameOffset;
      row.frameExpression = frameExpression;
      return row;
    }

    void set(long register, Rule rule, long number) {
      if (register >= 0 && register < FrameRegisters.COUNT) {
        rules[(int) register] = rule;
        numbers[(int) register] = number;
      }
    }
  }

  /** Call frame instructions (DWARF 5 section 6.4.2) of one entry. */
  private final class Rows {
    private final Common common;
    private final ByteOrder order = layout.file.order();
    private final ArrayDeque<Row> remembered = new ArrayDeque<>();
    private Row initial = new Row();
    private Row row = new Row();

    Rows(Entry entry) {
      this.common = entry.common;
    }

    /** Follows a program up to the row of a distance from the function's start. */
    boolean run(Bytes program, long target) {
      var cursor = new Cursor(program, 0, order);
      long at = 0;
      while (cursor.isSound() && cursor.position() < program.length()) {
        int operation = cursor.u8("DW_CFA");
        int low = operation & 0x3f;
        switch (operation >>> 6) {
          case 1 -> at += low * common.codeAlignment;
          case 2 -> row.set(low, Rule.OFFSET, cursor.uleb("offset") * common.dataAlignment);
          case 3 -> restore(low);
          default -> {
            long moved = advance(operation, cursor);
            if (moved < 0) {
              return false;
            }
            at += moved;
          }
        }
        if (Long.compareUnsigned(at, target) > 0) {
          break;
        }
      }
      return cursor.isSound();
    }

    private void restore(long register) {
      if (register < FrameRegisters.COUNT) {
        int i = (int) register;
        row.rules[i] = initial.rules[i];
        row.numbers[i] = initial.numbers[i];
        row.expressions[i] = initial.expressions[i];
      }
    }

    /** One instruction without an operand in its first byte; how far it moves on, or -1. */
    private long advance(int operation, Cursor cursor) {
      long data = common.dataAlignment;
      switch (operation) {
        case 0x00 -> {}
        case 0x01 -> {
          // DW_CFA_set_loc: not written by any compiler of these architectures.
          return -1;
        }
        case 0x02 -> {
          return cursor.u8("delta") * common.codeAlignment;
        }
        case 0x03 -> {
          return cursor.u16("delta") * common.codeAlignment;
        }
        case 0x04 -> {
          return cursor.u32("delta") * common.codeAlignment;
        }
        case 0x05 -> row.set(register(cursor), Rule.OFFSET, cursor.uleb("offset") * data);
        case 0x06 -> restore(register(cursor));
        case 0x07 -> row.set(register(cursor), Rule.UNDEFINED, 0);
        case 0x08 -> row.set(register(cursor), Rule.SAME, 0);
        case 0x09 -> row.set(register(cursor), Rule.REGISTER, cursor.uleb("register"));
        case 0x0a -> {
          if (remembered.size() >= MOST_REMEMBERED) {
            return -1;
          }
          remembered.push(row.copy());
        }
        case 0x0b -> {
          if (remembered.isEmpty()) {
            return -1;
          }
          row = remembered.pop();
        }
        case 0x0c -> frame(register(cursor), cursor.uleb("offset"));
        case 0x0d -> frame(register(cursor), row.frameOffset);
        case 0x0e -> row.frameOffset = cursor.uleb("offset");
        case 0x0f -> row.frameExpression = block(cursor);
        case 0x10 -> expression(Rule.EXPRESSION, cursor);
        case 0x11 -> row.set(register(cursor), Rule.OFFSET, cursor.sleb("offset") * data);
        case 0x12 -> frame(register(cursor), cursor.sleb("offset") * data);
        case 0x13 -> row.frameOffset = cursor.sleb("offset") * data;
        case 0x14 -> row.set(register(cursor), Rule.VALUE_OFFSET, cursor.uleb("offset") * data);
        case 0x15 -> row.set(register(cursor), Rule.VALUE_OFFSET, cursor.sleb("offset") * data);
        case 0x16 -> expression(Rule.VALUE_EXPRESSION, cursor);
        // DW_CFA_AARCH64_negate_ra_state and _with_pc: signed addresses are read without the sign.
        case 0x2c, 0x2d -> {}
        case 0x2e -> cursor.uleb("DW_CFA_GNU_args_size");
        case 0x2f -> row.set(register(cursor), Rule.OFFSET, -cursor.uleb("offset") * data);
        default -> {
          return -1;
        }
      }
      return 0;
    }

    private void frame(long register, long offset) {
      row.frameRegister = register;
      row.frameOffset = offset;
      row.frameExpression = null;
    }

    private long register(Cursor cursor) {
      return cursor.uleb("register");
    }

    private void expression(Rule rule, Cursor cursor) {
      long register = register(cursor);
      Bytes block = block(cursor);
      row.set(register, rule, 0);
      if (register >= 0 && register < FrameRegisters.COUNT) {
        row.expressions[(int) register] = block;
      }
    }

    private Bytes block(Cursor cursor) {
      long length = cursor.uleb("expression length");
      long from = cursor.position();
      if (length < 0 || length > FrameExpression.MOST_BYTES) {
        cursor.fail(dev.sigill.bytes.Problem.Code.LIMIT, "expression length", length, 0);
        return Bytes.of(new byte[0], "");
      }
      var copy = new byte[(int) length];
      for (int i = 0; i < copy.length; i++) {
        copy[i] = (byte) cursor.u8("expression");
      }
      return Bytes.of(copy, "expression at " + from);
    }
  }

  private Step apply(Row row, Common common, FrameRegisters registers, Memory memory) {
    int stack = FrameRegisters.stackRegister(registers.architecture());
    OptionalLong frame =
        row.frameExpression != null
            ? FrameExpression.value(
                row.frameExpression, layout.file.order(), registers, memory, OptionalLong.empty())
            : row.frameRegister < 0 || row.frameRegister >= FrameRegisters.COUNT
                ? OptionalLong.empty()
                : OptionalLong.of(registers.value(row.frameRegister) + row.frameOffset);
    if (frame.isEmpty()) {
      return UNKNOWN;
    }
    long[] values = registers.values();
    values[stack] = frame.getAsLong();
    int result = common.returnRegister;
    if (result < 0 || result >= FrameRegisters.COUNT) {
      return UNKNOWN;
    }
    if (row.rules[result] == Rule.UNDEFINED) {
      return OUTERMOST;
    }
    for (int i = 0; i < FrameRegisters.COUNT; i++) {
      OptionalLong value = value(row, i, frame.getAsLong(), registers, memory);
      if (row.rules[i] != Rule.SAME && row.rules[i] != Rule.UNDEFINED) {
        if (value.isEmpty() && (i == result || i == stack)) {
          return UNKNOWN;
        }
        values[i] = value.orElse(0);
      }
    }
    // x86-64 has no register for it: where no rule says where it is kept, nothing does.
    boolean isKept = registers.architecture() == dev.sigill.platform.Architecture.ARM64;
    if (row.rules[result] == Rule.SAME && !isKept) {
      return UNKNOWN;
    }
    long address = registers.code(values[result]);
    if (address == 0) {
      return OUTERMOST;
    }
    return new Step.Caller(registers.caller(values, address, common.isSignalFrame));
  }

  private OptionalLong value(Row row, int i, long frame, FrameRegisters registers, Memory memory) {
    ByteOrder order = layout.file.order();
    return switch (row.rules[i]) {
      case SAME, UNDEFINED -> OptionalLong.empty();
      case OFFSET -> memory.word(frame + row.numbers[i]);
      case VALUE_OFFSET -> OptionalLong.of(frame + row.numbers[i]);
      case REGISTER -> OptionalLong.of(registers.value(row.numbers[i]));
      case EXPRESSION -> {
        OptionalLong address =
            FrameExpression.value(
                row.expressions[i], order, registers, memory, OptionalLong.of(frame));
        yield address.isEmpty() ? address : memory.word(address.getAsLong());
      }
      case VALUE_EXPRESSION ->
          FrameExpression.value(
              row.expressions[i], order, registers, memory, OptionalLong.of(frame));
    };
  }
}
