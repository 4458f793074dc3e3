package dev.sigill.analysis;

import dev.sigill.image.Slot;
import dev.sigill.isa.x86.X86Decoder;
import dev.sigill.isa.x86.X86Formatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where the addresses of functions, and of tables of functions, are taken behind checks of the
 * processor: in a block that runs only behind one, or before a conditional move. Looks through all
 * functions that were interpreted, once.
 */
final class PointerChoices {
  /** How far from its beginning a table holds functions, in bytes. */
  private static final long MOST_TABLE = 64 << 10;

  private final Interpretation interpretation;
  private final CheckPlaces places;
  private final Map<Long, Choice> functions = new HashMap<>();
  private final TreeMap<Long, Choice> tables = new TreeMap<>();
  private final Map<Integer, Map<Long, List<Long>>> holders = new HashMap<>();

  /**
   * Where an address is taken.
   *
   * @param worth how much the check there says: 2 where it asks for features, 1 for a conditional
   *     move of which nothing is known, 0 for others
   */
  private record Choice(CodePlace place, int worth) {}

  PointerChoices(Interpretation interpretation, CheckPlaces places) {
    this.interpretation = interpretation;
    this.places = places;
    for (AnalysedFunction each : interpretation.functions()) {
      if (each.visits > 0) {
        look(each);
      }
    }
  }

  /** Where a function is chosen; {@link CodePlace#NONE} where that was not found. */
  CodePlace of(AnalysedFunction function) {
    long place = interpretation.place(function.imageNumber, function.graph.entry);
    Choice own = functions.get(place);
    if (own != null) {
      return own.place();
    }
    Map<Long, List<Long>> held =
        holders.computeIfAbsent(function.imageNumber, _ -> pointers(function));
    for (long slot : held.getOrDefault(function.graph.entry, List.of())) {
      long at = interpretation.place(function.imageNumber, slot);
      Map.Entry<Long, Choice> table = tables.floorEntry(at);
      if (table != null && at - table.getKey() < MOST_TABLE) {
        return table.getValue().place();
      }
    }
    return CodePlace.NONE;
  }

  private void look(AnalysedFunction function) {
    FunctionGraph graph = function.graph;
    var decoder = new X86Decoder();
    for (int b = 0; b < graph.blockCount(); b++) {
      long start = graph.blockStart[b];
      int length = graph.blockLength[b];
      if (!function.isReached[b]) {
        continue;
      }
      byte[] code = function.image.code(start, length);
      Set<Long> taken = new HashSet<>();
      for (int at = 0; at < length && code.length > 0; ) {
        int size = decoder.decode(code, at, code.length, start + at);
        if (size <= 0) {
          break;
        }
        if (decoder.map() == 0 && decoder.hasMemory() && decoder.isRipRelative()) {
          long address = taken(function.image, decoder);
          if (address != 0) {
            taken.add(address);
          }
        } else if (decoder.map() == 1 && (decoder.opcode() & 0xf0) == 0x40 && !taken.isEmpty()) {
          keep(
              function,
              taken,
              new Choice(
                  new CodePlace(
                      function.image.path(),
                      ExecutionWalk.nameWithOffset(function.image, start + at),
                      start + at,
                      X86Formatter.format(decoder)),
                  1));
        }
        at += size;
      }
      if (function.blockGuard[b] != Guards.NONE && !taken.isEmpty()) {
        CodePlace deciding = places.deciding(function, b);
        if (!deciding.isNone()) {
          boolean asks = !interpretation.guards.features(function.blockGuard[b]).toList().isEmpty();
          keep(function, taken, new Choice(deciding, asks ? 2 : 0));
        }
      }
    }
  }

  /** The address that an instruction takes: LEA, or a load of the pointer to it; else 0. */
  private static long taken(LoadedImage image, X86Decoder decoder) {
    if (decoder.opcode() == 0x8d) {
      return decoder.memoryAddress();
    }
    return decoder.opcode() == 0x8b && image.slot(decoder.memoryAddress()) instanceof Slot.Local l
        ? l.address()
        : 0;
  }

  private void keep(AnalysedFunction function, Set<Long> taken, Choice choice) {
    for (long address : taken) {
      long at = interpretation.place(function.imageNumber, address);
      Map<Long, Choice> kept = function.image.isCode(address) ? functions : tables;
      kept.merge(at, choice, (a, b) -> b.worth() > a.worth() ? b : a);
    }
  }

  /** The places of an image's data that hold pointers to code, by what they point to. */
  private static Map<Long, List<Long>> pointers(AnalysedFunction function) {
    var out = new HashMap<Long, List<Long>>();
    LoadedImage image = function.image;
    image.forEachDataWord(
        at -> {
          if (image.slot(at) instanceof Slot.Local local && image.isCode(local.address())) {
            out.computeIfAbsent(local.address(), _ -> new ArrayList<>(1)).add(at);
          }
        });
    return out;
  }
}
