package dev.sigill.analysis;

import dev.sigill.bytes.Bytes;
import dev.sigill.image.CodeRange;
import dev.sigill.image.FunctionTable;
import dev.sigill.image.Image;
import dev.sigill.isa.FeatureTerm;
import dev.sigill.isa.x86.X86Decoder;
import dev.sigill.isa.x86.X86Terms;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Decodes all code of an image from end to end, whether anything reaches it or not. What it finds
 * is an upper bound: data between functions may look like instructions, so a sweep can excuse an
 * image but never accuse it.
 */
final class CodeSweep {
  /** How many bytes one task decodes, unless a function's end is further on. */
  private static final long TASK_BYTES = 4 << 20;

  private static final int WINDOW = 1 << 16;

  private CodeSweep() {}

  /** What a stretch of code holds. */
  record Part(BitSet terms, long codeBytes, long decodedBytes) {
    static Part empty() {
      return new Part(new BitSet(), 0, 0);
    }

    Part with(Part other) {
      var union = (BitSet) terms.clone();
      union.or(other.terms);
      return new Part(union, codeBytes + other.codeBytes, decodedBytes + other.decodedBytes);
    }

    ContainedCode toContainedCode() {
      var list = new ArrayList<FeatureTerm>();
      terms.stream().filter(id -> id != 0).forEach(id -> list.add(X86Terms.term(id)));
      return new ContainedCode(true, list, codeBytes, decodedBytes);
    }
  }

  /** Tasks that together decode the image; they may run in any order and in parallel. */
  static List<Callable<Part>> tasks(Image image) {
    var tasks = new ArrayList<Callable<Part>>();
    FunctionTable functions = image.functions();
    for (CodeRange range : image.code()) {
      long start = range.start();
      while (start < range.end()) {
        long end = Math.min(range.end(), start + TASK_BYTES);
        if (end < range.end()) {
          // A task ends where a function does, so that no instruction is cut in two.
          FunctionTable.Range function = functions.containing(end);
          end = function.isNone() ? range.end() : Math.min(range.end(), function.end());
        }
        long from = start;
        long to = end;
        tasks.add(() -> sweep(image.bytes(), range, from, to));
        start = end;
      }
    }
    return tasks;
  }

  private static Part sweep(Bytes bytes, CodeRange range, long from, long to) {
    var decoder = new X86Decoder();
    var terms = new BitSet();
    var window = new byte[WINDOW];
    long decoded = 0;
    long position = from;
    long fileOffset = range.fileOffset() - range.start();
    while (position < to) {
      int size = (int) Math.min(WINDOW, to - position);
      if (!bytes.has(fileOffset + position, size)) {
        break;
      }
      bytes.read(fileOffset + position, window, 0, size);
      boolean isLast = position + size == to;
      int at = 0;
      int stop = isLast ? size : size - 15;
      while (at < stop) {
        int length = decoder.decode(window, at, size, position + at);
        if (length > 0) {
          terms.set(decoder.term());
          decoded += length;
          at += length;
        } else {
          at++;
        }
      }
      position += at;
    }
    return new Part(terms, to - from, decoded);
  }
}
