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
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.ToIntFunction;
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
  record Part(
      BitSet terms, long codeBytes, long decodedBytes, Places places, @Nullable CodeUnits units) {
    static Part empty() {
      return new Part(new BitSet(), 0, 0, new Places(), null);
    }

    /** Two stretches of one image together, without places. */
    Part with(Part other) {
      var union = (BitSet) terms.clone();
      union.or(other.terms);
      return new Part(
          union,
          codeBytes + other.codeBytes,
          decodedBytes + other.decodedBytes,
          new Places(),
          null);
    }

    /** The addresses that instructions name, ascending. */
    long[] references() {
      return places.references;
    }

    /**
     * Which unit of code names which address outside itself: the unit's number, then the address.
     * In no order, and some more than once.
     */
    int edgeCount() {
      return places.edgeCount;
    }

    /** Forgets which unit names which address: for large images that is more than all else. */
    void forgetEdges() {
      places.edgeCount = 0;
      places.edgeUnit = new int[0];
      places.edgeTarget = new long[0];
    }

    int edgeUnit(int index) {
      return places.edgeUnit[index];
    }

    long edgeTarget(int index) {
      return places.edgeTarget[index];
    }

    /** The addresses of instructions that ask the processor what it is. */
    long[] checks() {
      return places.checks;
    }

    /** How many places of interest there are; they are in the order of addresses. */
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
    private static final int RECENT = 512;

    private long[] references = new long[0];
    private int referenceCount;
    private long[] needAddress = new long[0];
    private int[] needTerm = new int[0];
    private int needCount;
    private int[] edgeUnit = new int[0];
    private long[] edgeTarget = new long[0];
    private int edgeCount;
    private long[] checks = new long[0];

    /** Edges added not long ago, by their targets: units name the same things again and again. */
    private long[] recentTarget = new long[RECENT];

    private int[] recentUnit = new int[RECENT];

    private void edge(int unit, long target) {
      int recent = (int) ((target ^ target >>> 9) & RECENT - 1);
      if (recentTarget[recent] == target && recentUnit[recent] == unit) {
        return;
      }
      recentTarget[recent] = target;
      recentUnit[recent] = unit;
      if (edgeCount == edgeUnit.length) {
        edgeUnit = Arrays.copyOf(edgeUnit, Math.max(256, edgeCount * 2));
        edgeTarget = Arrays.copyOf(edgeTarget, edgeUnit.length);
      }
      edgeUnit[edgeCount] = unit;
      edgeTarget[edgeCount++] = target;
    }

    private void check(long address) {
      checks = Arrays.copyOf(checks, checks.length + 1);
      checks[checks.length - 1] = address;
    }

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
      edgeUnit = Arrays.copyOf(edgeUnit, edgeCount);
      edgeTarget = Arrays.copyOf(edgeTarget, edgeCount);
      recentTarget = new long[0];
      recentUnit = new int[0];
      return this;
    }

    private static Places of(List<Places> parts) {
      var out = new Places();
      out.references = longs(parts, p -> p.references);
      out.referenceCount = out.references.length;
      out.needAddress = longs(parts, p -> p.needAddress);
      out.needTerm = ints(parts, p -> p.needTerm);
      out.needCount = out.needAddress.length;
      out.edgeUnit = ints(parts, p -> p.edgeUnit);
      out.edgeTarget = longs(parts, p -> p.edgeTarget);
      out.edgeCount = out.edgeUnit.length;
      out.checks = longs(parts, p -> p.checks);
      return out.finished();
    }

    private static long[] longs(List<Places> parts, Function<Places, long[]> of) {
      return joined(parts.stream().map(of).toList(), some -> some.length, long[]::new);
    }

    private static int[] ints(List<Places> parts, Function<Places, int[]> of) {
      return joined(parts.stream().map(of).toList(), some -> some.length, int[]::new);
    }

    /**
     * Arrays one after the other, without a copy on the way: large images have millions of edges.
     */
    private static <A> A joined(List<A> parts, ToIntFunction<A> length, IntFunction<A> make) {
      A out = make.apply(parts.stream().mapToInt(length).sum());
      int at = 0;
      for (A part : parts) {
        System.arraycopy(part, 0, out, at, length.applyAsInt(part));
        at += length.applyAsInt(part);
      }
      return out;
    }
  }

  /**
   * All code of one image, decoded by several threads.
   *
   * @param isOfInterest the needs whose places are kept
   */
  static Part of(Image image, IntPredicate isOfInterest) {
    var units = new CodeUnits(image);
    List<Part> parts =
        tasks(image, isOfInterest, units).parallelStream()
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
            .toList();
    var terms = new BitSet();
    parts.forEach(part -> terms.or(part.terms));
    return new Part(
        terms,
        parts.stream().mapToLong(Part::codeBytes).sum(),
        parts.stream().mapToLong(Part::decodedBytes).sum(),
        Places.of(parts.stream().map(Part::places).toList()),
        units);
  }

  /** Tasks that together decode the image; they may run in any order and in parallel. */
  static List<Callable<Part>> tasks(Image image) {
    return tasks(image, null, null);
  }

  private static List<Callable<Part>> tasks(
      Image image, @Nullable IntPredicate isOfInterest, @Nullable CodeUnits units) {
    return stretches(image).stream()
        .map(
            stretch ->
                (Callable<Part>)
                    () ->
                        sweep(
                            image,
                            stretch.range(),
                            stretch.from(),
                            stretch.to(),
                            isOfInterest,
                            units))
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
    for (CodeRange range :
        image.code().stream().sorted(Comparator.comparingLong(CodeRange::start)).toList()) {
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
      Image image,
      CodeRange range,
      long from,
      long to,
      @Nullable IntPredicate isOfInterest,
      @Nullable CodeUnits units) {
    var places = new Places();
    Bytes bytes = image.bytes();
    int unit = units == null ? -1 : units.unit(from);
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
          if (isOfInterest != null && units != null) {
            while (position + at >= units.end(unit)) {
              unit++;
            }
            if (decoder.hasMemory() && decoder.isRipRelative()) {
              places.refer(decoder.memoryAddress());
              name(units, unit, decoder.memoryAddress(), places);
              if (isAddressOfFile(image, decoder)) {
                places.check(position + at);
              }
            }
            switch (decoder.flow()) {
              case X86Decoder.FLOW_CALL, X86Decoder.FLOW_JUMP, X86Decoder.FLOW_BRANCH ->
                  name(units, unit, decoder.target(), places);
              default -> {
                if (asksProcessor(decoder)) {
                  places.check(position + at);
                }
              }
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
    return new Part(terms, to - from, decoded, places.finished(), units);
  }

  private static void name(CodeUnits units, int unit, long address, Places places) {
    if (address < units.start(unit) || address >= units.end(unit)) {
      places.edge(unit, address);
    }
  }

  /** Whether an instruction takes the address of the path of {@code /proc/cpuinfo}. */
  private static boolean isAddressOfFile(Image image, X86Decoder decoder) {
    return decoder.encoding() == X86Decoder.LEGACY
        && decoder.map() == 0
        && decoder.opcode() == LOAD_ADDRESS
        && ProcessorText.at(image, decoder.memoryAddress()) == ProcessorText.FILE;
  }

  private static final int LOAD_ADDRESS = 0x8d;

  /** CPUID and XGETBV. */
  private static boolean asksProcessor(X86Decoder decoder) {
    return decoder.map() == 1
        && decoder.encoding() == X86Decoder.LEGACY
        && (decoder.opcode() == 0xa2 || decoder.opcode() == 0x01 && decoder.lastByte() == 0xd0);
  }
}
