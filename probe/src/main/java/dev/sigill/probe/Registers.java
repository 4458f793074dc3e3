package dev.sigill.probe;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * The registers of a stopped thread, as {@code NT_PRSTATUS} holds them ({@code user_regs_struct} of
 * {@code sys/user.h}).
 *
 * @param architecture {@code x86_64}, {@code x86} or {@code arm64}
 * @param programCounter address of the instruction
 * @param stackPointer the stack's end
 * @param general all words of the structure, in its order
 */
record Registers(String architecture, long programCounter, long stackPointer, long[] general) {
  private static final int X86_64 = 27 * 8;
  private static final int I386 = 17 * 4;
  private static final int ARM64 = 34 * 8;

  /**
   * What was seen when a signal came.
   *
   * @param signal its number
   * @param code {@code si_code}
   * @param address {@code si_addr}
   * @param registers of the thread
   * @param bytes at the program counter, where they were read
   */
  record Seen(int signal, int code, long address, Registers registers, byte[] bytes) {
    Seen(int signal, int code, long address, Registers registers) {
      this(signal, code, address, registers, new byte[0]);
    }

    Seen with(byte[] code) {
      return new Seen(signal, this.code, address, registers, code);
    }
  }

  /** The structure of this size, or null where none is known. */
  static @Nullable Registers of(MemorySegment area, int size) {
    return switch (size) {
      case X86_64 -> of("x86_64", words(area, size, 8), 16, 19);
      case ARM64 -> of("arm64", words(area, size, 8), 32, 31);
      case I386 -> of("x86", words(area, size, 4), 12, 15);
      default -> null;
    };
  }

  private static Registers of(String architecture, long[] words, int counter, int stack) {
    return new Registers(architecture, words[counter], words[stack], words);
  }

  private static long[] words(MemorySegment area, int size, int width) {
    var words = new long[size / width];
    for (int i = 0; i < words.length; i++) {
      words[i] =
          width == 8
              ? area.getAtIndex(ValueLayout.JAVA_LONG, i)
              : Integer.toUnsignedLong(area.getAtIndex(ValueLayout.JAVA_INT, i));
    }
    return words;
  }
}
