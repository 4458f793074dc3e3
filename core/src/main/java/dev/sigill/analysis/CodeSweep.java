package dev.sigill.analysis;

import dev.sigill.bytes.Bytes;
import dev.sigill.image.CodeRange;
import dev.sigill.image.FunctionTable;
import dev.sigill.image.Image;
import dev.sigill.isa.FeatureTerm;
import dev.sigill.isa.x86.X86Decoder;
import dev.sigill.isa.x86.X86Terms;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

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
  record Part(BitSet terms, long codeBytes, long decodedBytes, Places places) {
    static Part empty() {
      return new Part(new BitSet(), 0, 0, new Places());
    }

    Part with(Part other) {
      var union = (BitSet) terms.clone();
      union.or(other.terms);
      return new Part(
          union,
          codeBytes + other.codeBytes,
          decodedBytes + other.decodedBytes,
          places.with(other.places));
    }

    /** The addresses that instructions name, ascending. */
    long[] references() {
      return places.references;
    }

    int needCount() {
      return places.needAddress.length;
    }

    long needAddress(int index) {
      return places.needAddress[index];
    }

    int needTerm(int index) {
      return places.needTerm[index];
    }

    ContainedCode toContainedCode() {
      var list = new ArrayList<FeatureTerm>();
      terms.stream().filter(id -> id != 0).forEach(id -> list.add(X86Terms.term(id)));
      return new ContainedCode(true, list, codeBytes, decodedBytes);
    }
  }

  /** Where in a stretch of code something is; empty where that was not asked for. */
  static final class Places {
    private long[] references = new long[0];
    private int referenceCount;
    private long[] needAddress = new long[0];
    private int[] needTerm = new int[0];
    private int needCount;

    private void refer(long address) {
      if (referenceCount == references.length) {
        references = Arrays.copyOf(references, Math.max(256, referenceCount * 2));
      }
      references[referenceCount++] = address;
    }

    private void need(long address, int term) {
      if (needCount == needAddress.length) {
        needAddress = Arrays.copyOf(needAddress, Math.max(256, needCount * 2));
        needTerm = Arrays.copyOf(needTerm, needAddress.length);
      }
      needAddress[needCount] = address;
      needTerm[needCount++] = term;
    }

    private Places finished() {
      references = Arrays.stream(references, 0, referenceCount).sorted().distinct().toArray();
      referenceCount = references.length;
      needAddress = Arrays.copyOf(needAddress, needCount);
      needTerm = Arrays.copyOf(needTerm, needCount);
      return this;
    }

    private Places with(Places other) {
      var out = new Places();
      out.references =
          LongStream.concat(Arrays.stream(references), Arrays.stream(other.references)).toArray();
      out.referenceCount = out.references.length;
      out.needAddress =
          LongStream.concat(Arrays.stream(needAddress), Arrays.stream(other.needAddress)).toArray();
      out.needTerm =
          IntStream.concat(Arrays.stream(needTerm), Arrays.stream(other.needTerm)).toArray();
      out.needCount = out.needAddress.length;
      return out.finished();
    }
  }

  /**
   * All code of one image, decoded by several threads.
   *
   * @param isOfInterest the needs whose places are kept
   */
  static Part of(Image image, IntPredicate isOfInterest) {
    return tasks(image, isOfInterest).parallelStream()
        .map(
            task -> {
              try {
                return task.call();
              } catch (RuntimeException e) {
                throw e;
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            })
        .reduce(Part.empty(), Part::with);
  }

  /** Tasks that together decode the image; they may run in any order and in parallel. */
  static List<Callable<Part>> tasks(Image image) {
    return tasks(image, null);
  }

  private static List<Callable<Part>> tasks(Image image, @Nullable IntPredicate isOfInterest) {
    return stretches(image).stream()
        .map(
            stretch ->
                (Callable<Part>)
                    () ->
                        sweep(
                            image.bytes(),
                            stretch.range(),
                            stretch.from(),
                            stretch.to(),
                            isOfInterest))
        .toList();
  }

  /**
   * A part of an image's code that can be decoded by itself.
   *
   * @param from its first address
   * @param to the address after its last byte
   */
  record Stretch(CodeRange range, long from, long to) {}

  /** An image's code in parts. */
  static List<Stretch> stretches(Image image) {
    var stretches = new ArrayList<Stretch>();
    FunctionTable functions = image.functions();
    for (CodeRange range : image.code()) {
      long start = range.start();
      while (start < range.end()) {
        long end = Math.min(range.end(), start + TASK_BYTES);
        if (end < range.end()) {
          // A part ends where a function does, so that no instruction is cut in two.
          FunctionTable.Range function = functions.containing(end);
          end = function.isNone() ? range.end() : Math.min(range.end(), function.end());
        }
        stretches.add(new Stretch(range, start, end));
        start = end;
      }
    }
    return stretches;
  }

  private static Part sweep(
      Bytes bytes, CodeRange range, long from, long to, @Nullable IntPredicate isOfInterest) {
    var places = new Places();
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
          int term = decoder.term();
          terms.set(term);
          if (isOfInterest != null) {
            if (decoder.hasMemory() && decoder.isRipRelative()) {
              places.refer(decoder.memoryAddress());
            }
            if (term != 0 && isOfInterest.test(term)) {
              places.need(position + at, term);
            }
          }
          decoded += length;
          at += length;
        } else {
          at++;
        }
      }
      position += at;
    }
    return new Part(terms, to - from, decoded, places.finished());
  }
}
