package dev.sigill.analysis;

import dev.sigill.bytes.Bytes;
import dev.sigill.image.Image;
import dev.sigill.isa.Feature;

/**
 * How code asks Linux what the processor can do: it reads {@code /proc/cpuinfo} and looks for the
 * line {@code flags} or for the words in it (proc(5); arch/x86/kernel/cpu/proc.c). What such code
 * remembers or answers is the result of a check, though what it implies is not known.
 */
final class ProcessorText {
  /** The text names the file. */
  static final int FILE = 1;

  /** The text is what is looked for in the file. */
  static final int WORD = 2;

  static final int BOTH = FILE | WORD;

  private static final String PATH = "/proc/cpuinfo";
  private static final int MOST_TEXT = 40;

  /** The first bytes of the path, as code that builds a string from numbers holds them. */
  private static final long PATH_NUMBER = 0x70632f636f72702fL;

  /** {@code flag}, as code that compares four bytes at once holds it. */
  private static final long FLAG_NUMBER = 0x67616c66L;

  private ProcessorText() {}

  /** What the text at an address of an image is to this question; 0 for any other. */
  static int at(Image image, long address) {
    long offset = image.fileOffset(address);
    Bytes bytes = image.bytes();
    if (offset < 0 || !bytes.has(offset, 4)) {
      return 0;
    }
    int first = bytes.u8(offset);
    if (first != '/' && first != ' ' && !(first >= 'a' && first <= 'z')) {
      return 0;
    }
    String text = bytes.text(offset, MOST_TEXT);
    if (text.startsWith(PATH)) {
      return FILE;
    }
    String word = text.strip();
    return word.equals("flags") || !Feature.ofLinuxName(word).isEmpty() ? WORD : 0;
  }

  /** The same of a number in an instruction. */
  static int in(long number) {
    return number == PATH_NUMBER ? FILE : number == FLAG_NUMBER ? WORD : 0;
  }
}
