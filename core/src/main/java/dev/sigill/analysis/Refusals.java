package dev.sigill.analysis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The checks of a function that end the program on one side, and what is said there. */
final class Refusals {
  private static final int MOST_TEXTS = 6;
  private static final int MOST_TEXT_BYTES = 400;

  private final BlockVisit visit;
  private final FunctionGraph graph;
  private final BlockEnds ends;
  private final @Nullable State[] in;
  private final int[] guard;

  /**
   * Looks at a function that was interpreted.
   *
   * @param in what is known before each block; null where it is not reached
   * @param guard the check behind which each block runs
   */
  Refusals(BlockVisit visit, BlockEnds ends, @Nullable State[] in, int[] guard) {
    this.visit = visit;
    this.graph = visit.graph;
    this.ends = ends;
    this.in = in;
    this.guard = guard;
  }

  /** Unguarded branches on a check one side of which never returns. */
  List<Refusal> find() {
    boolean any = false;
    for (int b = 0; b < graph.blockCount(); b++) {
      any |= ends.dependsOnCheck(b) && in[b] != null;
    }
    if (!any) {
      return List.of();
    }
    boolean[] comesBack = comesBack();
    var out = new ArrayList<Refusal>();
    for (int b = 0; b < graph.blockCount(); b++) {
      if (in[b] == null
          || !ends.dependsOnCheck(b)
          || guard[b] != Guards.NONE && guard[b] != Guards.UNKNOWN
          || !ends.hasTwoWays(b)) {
        continue;
      }
      int through = ends.through(b);
      int taken = ends.taken(b);
      if (in[through] == null || in[taken] == null || comesBack[through] == comesBack[taken]) {
        continue;
      }
      int implied = comesBack[through] ? ends.throughGuard(b) : ends.takenGuard(b);
      int end = comesBack[through] ? taken : through;
      out.add(new Refusal(b, implied, message(end, comesBack)));
    }
    return out;
  }

  /** Which blocks some way out by a return begins at. */
  private boolean[] comesBack() {
    var out = new boolean[graph.blockCount()];
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int b = graph.blockCount() - 1; b >= 0; b--) {
        if (in[b] == null || out[b]) {
          continue;
        }
        boolean comes = ends.endsByReturn(b);
        if (ends.falls(b)) {
          for (int s = graph.firstSuccessor[b]; s < graph.firstSuccessor[b + 1]; s++) {
            comes |= out[graph.successors[s]];
          }
        }
        if (comes) {
          out[b] = true;
          changed = true;
        }
      }
    }
    return out;
  }

  /** The texts that the blocks from one on use, which never come back. */
  private String message(int from, boolean[] comesBack) {
    var texts = new LinkedHashSet<String>();
    var seen = new BitSet();
    var stack = new ArrayDeque<Integer>();
    stack.push(from);
    while (!stack.isEmpty() && texts.size() < MOST_TEXTS) {
      int b = stack.pop();
      if (seen.get(b) || comesBack[b]) {
        continue;
      }
      seen.set(b);
      texts.addAll(textsOf(b));
      for (int s = graph.firstSuccessor[b]; s < graph.firstSuccessor[b + 1]; s++) {
        stack.push(graph.successors[s]);
      }
    }
    return String.join(" ", texts);
  }

  private List<String> textsOf(int b) {
    int length = graph.blockLength[b];
    long start = graph.blockStart[b];
    var image = visit.function.image.image();
    byte[] code = visit.code(b);
    var out = new ArrayList<String>();
    for (int at = 0; at < length && code.length > 0; ) {
      int size = visit.decoder.decode(code, at, code.length, start + at);
      if (size <= 0) {
        break;
      }
      if (visit.decoder.hasMemory()
          && visit.decoder.isRipRelative()
          && visit.decoder.opcode() == 0x8d
          && visit.decoder.map() == 0) {
        long address = visit.decoder.memoryAddress();
        long where = image.fileOffset(address);
        if (where >= 0 && visit.interpretation.isReadOnly(visit.imageNumber, address)) {
          String text = image.bytes().text(where, MOST_TEXT_BYTES);
          if (text.length() >= 4 && text.chars().allMatch(Refusals::isPrintable)) {
            out.add(text.strip());
          }
        }
      }
      at += size;
    }
    return out;
  }

  private static boolean isPrintable(int c) {
    return c >= 0x20 && c < 0x7f || c == '\n' || c == '\t';
  }
}
