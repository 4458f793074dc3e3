package dev.sigill.analysis;

import dev.sigill.image.Section;
import dev.sigill.image.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Who names whom in a group of images: units of code and objects in data, and an edge from one to
 * another where code calls, jumps to or takes the address of it, or where a pointer in data leads
 * to it. An object begins at an address that code or a pointer names and ends at the next one.
 *
 * <p>An edge says that one could lead to the other, not that it does; the lack of one says that
 * only an address computed in another way could.
 */
final class ReferenceGraph {
  private static final long MOST_SECTION = 256L << 20;

  private final Interpretation interpretation;
  private final CodeUnits[] units;
  private final long[][] objects;
  private final int[] firstUnit;
  private final int[] firstObject;
  private final int nodes;

  /** By node, where the nodes that name it begin in {@link #from}; one more entry than nodes. */
  private final int[] first;

  private final int[] from;

  /** By node, where the nodes that it names begin in {@link #to}. */
  private int[] firstTo = new int[0];

  private int[] to = new int[0];

  private final Predicate<String> isNoted;
  private final List<Noted> notedSlots = new ArrayList<>();

  /** A pointer to something outside the group, by image and address. */
  private record Noted(int image, long address, String name) {}

  /** A list of edges. */
  private static final class Edges {
    int count;
    final int[] from;
    final int[] to;

    Edges(int most) {
      from = new int[most];
      to = new int[most];
    }

    void add(int a, int b) {
      if (a < 0 || b < 0 || a == b) {
        return;
      }
      from[count] = a;
      to[count++] = b;
    }
  }

  /** The pointers in the data of one image, by ascending address. */
  private static final class Pointers {
    int count;
    long[] at = new long[256];
    long[] target = new long[256];
    int[] image = new int[256];

    void add(long address, int targetImage, long targetAddress) {
      if (count == at.length) {
        at = Arrays.copyOf(at, count * 2);
        target = Arrays.copyOf(target, count * 2);
        image = Arrays.copyOf(image, count * 2);
      }
      at[count] = address;
      target[count] = targetAddress;
      image[count++] = targetImage;
    }
  }

  /**
   * @param interpretation the images and how they are bound to one another
   * @param sweeps what decoding their whole code found, with its edges; images that are missing
   *     here have no nodes
   * @param isNoted which names outside the group are kept, see {@link #noted}
   */
  ReferenceGraph(
      Interpretation interpretation,
      Map<LoadedImage, CodeSweep.Part> sweeps,
      Predicate<String> isNoted) {
    this.interpretation = interpretation;
    this.isNoted = isNoted;
    int images = interpretation.imageCount();
    units = new CodeUnits[images];
    objects = new long[images][];
    firstUnit = new int[images];
    firstObject = new int[images];
    var pointers = new Pointers[images];
    int next = 0;
    for (int i = 0; i < images; i++) {
      CodeSweep.Part part = sweeps.get(interpretation.image(i));
      if (part == null || part.units() == null) {
        continue;
      }
      units[i] = part.units();
      pointers[i] = pointersOf(i);
    }
    var named = new long[images][];
    for (int i = 0; i < images; i++) {
      if (units[i] != null) {
        named[i] = sweeps.get(interpretation.image(i)).references();
      }
    }
    for (int i = 0; i < images; i++) {
      if (units[i] != null) {
        objects[i] = objectsOf(i, named[i], pointers);
        firstUnit[i] = next;
        next += units[i].count();
        firstObject[i] = next;
        next += objects[i].length;
      }
    }
    nodes = next;
    int most = 0;
    for (int i = 0; i < images; i++) {
      if (units[i] != null) {
        most += sweeps.get(interpretation.image(i)).edgeCount() + pointers[i].count;
      }
    }
    var edges = new Edges(most);
    for (int i = 0; i < images; i++) {
      if (units[i] != null) {
        CodeSweep.Part part = sweeps.get(interpretation.image(i));
        addCode(i, part, edges);
        part.forgetEdges();
        addData(i, pointers[i], edges);
      }
    }
    first = new int[nodes + 1];
    from = new int[edges.count];
    for (int e = 0; e < edges.count; e++) {
      first[edges.to[e] + 1]++;
    }
    int[] cursor = begin(first);
    for (int e = 0; e < edges.count; e++) {
      from[cursor[edges.to[e]]++] = edges.from[e];
    }
  }

  /**
   * Makes beginnings of counts.
   *
   * @param starts how many there are of each, one place too far; then where each begins
   * @return the beginnings once more
   */
  private static int[] begin(int[] starts) {
    for (int n = 0; n + 1 < starts.length; n++) {
      starts[n + 1] += starts[n];
    }
    return Arrays.copyOf(starts, starts.length - 1);
  }

  /** The nodes of pointers to such noted names. */
  BitSet noted(Predicate<String> isMeant) {
    var out = new BitSet();
    for (Noted slot : notedSlots) {
      int node = node(slot.image(), slot.address());
      if (node >= 0 && isMeant.test(slot.name())) {
        out.set(node);
      }
    }
    return out;
  }

  /** The node of a place in code or data; -1 where it is none. */
  int node(int image, long address) {
    if (image >= units.length || units[image] == null) {
      return -1;
    }
    int unit = units[image].unit(address);
    if (unit >= 0) {
      return firstUnit[image] + unit;
    }
    int at = Arrays.binarySearch(objects[image], address);
    int object = at >= 0 ? at : -at - 2;
    return object < 0 ? -1 : firstObject[image] + object;
  }

  /** Whether a unit of code begins at an address; what has no unit of its own lies in another's. */
  boolean beginsUnit(int image, long address) {
    int unit = image < units.length && units[image] != null ? units[image].unit(address) : -1;
    return unit >= 0 && units[image].start(unit) == address;
  }

  /** Whether a node is a unit of code. */
  boolean isCode(int node) {
    int image = imageOf(node);
    return node < firstObject[image];
  }

  private int imageOf(int node) {
    for (int i = units.length - 1; i >= 0; i--) {
      if (units[i] != null && node >= firstUnit[i]) {
        return i;
      }
    }
    throw new IllegalArgumentException("no node " + node);
  }

  /** The nodes from which a way leads to one of those given, these included. */
  BitSet leadingTo(BitSet ends) {
    var out = (BitSet) ends.clone();
    int[] now = ends.stream().toArray();
    while (now.length > 0) {
      now = before(now, out);
    }
    return out;
  }

  /**
   * The units that call those given in so many steps, these included. Linkage stubs and the slots
   * that they jump through are no steps; tables are not looked into.
   */
  BitSet calling(BitSet called, int steps) {
    var out = (BitSet) called.clone();
    var passed = (BitSet) called.clone();
    int[] now = called.stream().toArray();
    for (int step = 0; step < steps; step++) {
      var units = new BitSet();
      while (now.length > 0) {
        int[] namers = before(now, passed);
        var slots = new BitSet();
        for (int node : namers) {
          if (isLinkage(node)) {
            slots.set(node);
          } else if (isCode(node)) {
            units.set(node);
          }
        }
        now = slots.stream().toArray();
      }
      out.or(units);
      now = units.stream().toArray();
    }
    return out;
  }

  /** The nodes to which a way leads from one of those given, these included. */
  BitSet reachableFrom(BitSet starts) {
    outgoing();
    var out = (BitSet) starts.clone();
    int[] now = starts.stream().toArray();
    while (now.length > 0) {
      now = next(now, out, firstTo, to);
    }
    return out;
  }

  /**
   * The units of code at which something leads that is no edge: data holds their distance from
   * itself, or from an address that is named, as tables made independent of where a library lies
   * do.
   *
   * @param candidates the units that are looked for
   */
  BitSet inRelativeTables(BitSet candidates) {
    var out = new BitSet();
    for (int i = 0; i < units.length; i++) {
      if (units[i] != null) {
        for (Section section : interpretation.image(i).image().sections()) {
          if (!section.holdsCode()
              && section.virtualAddress() != 0
              && section.fileSize() >= 4
              && !isForUnwinding(section)) {
            addRelative(i, section, candidates, out);
          }
        }
      }
    }
    return out;
  }

  /** Tables of every function, for debuggers and exceptions: what they name is not run for it. */
  private static boolean isForUnwinding(Section section) {
    return switch (section.name().substring(section.name().lastIndexOf(',') + 1)) {
      case ".eh_frame",
          ".eh_frame_hdr",
          ".gcc_except_table",
          ".pdata",
          ".xdata",
          "__eh_frame",
          "__gcc_except_tab",
          "__unwind_info" ->
          true;
      default -> false;
    };
  }

  private void addRelative(int number, Section section, BitSet candidates, BitSet out) {
    var image = interpretation.image(number).image();
    var bytes = image.bytes();
    long start = section.virtualAddress() + 3 & ~3;
    long end = section.virtualAddress() + Math.min(section.fileSize(), MOST_SECTION);
    long offset = image.fileOffset(start);
    int object = Math.max(0, -Arrays.binarySearch(objects[number], start) - 2);
    if (offset < 0 || end - start < 4 || !bytes.has(offset, end - start & ~3)) {
      return;
    }
    for (long at = start; at + 4 <= end; at += 4) {
      while (object + 1 < objects[number].length && objects[number][object + 1] <= at) {
        object++;
      }
      int distance = bytes.i32(offset + (at - start), image.byteOrder());
      addStart(number, at + distance, candidates, out);
      if (object < objects[number].length) {
        addStart(number, objects[number][object] + distance, candidates, out);
      }
    }
  }

  private void addStart(int number, long address, BitSet candidates, BitSet out) {
    int unit = units[number].unit(address);
    if (unit >= 0
        && units[number].start(unit) == address
        && candidates.get(firstUnit[number] + unit)) {
      out.set(firstUnit[number] + unit);
    }
  }

  /** The nodes that name some and were not met so far; they are met now. */
  private int[] before(int[] some, BitSet met) {
    return next(some, met, first, from);
  }

  private static int[] next(int[] some, BitSet met, int[] starts, int[] others) {
    var next = new int[some.length * 2 + 16];
    int size = 0;
    for (int node : some) {
      for (int e = starts[node]; e < starts[node + 1]; e++) {
        if (!met.get(others[e])) {
          met.set(others[e]);
          if (size == next.length) {
            next = Arrays.copyOf(next, size * 2);
          }
          next[size++] = others[e];
        }
      }
    }
    return Arrays.copyOf(next, size);
  }

  /** The variables that units name: objects that are written to, by way of linkage slots too. */
  BitSet variablesOf(BitSet some) {
    outgoing();
    var out = new BitSet();
    for (int node = some.nextSetBit(0); node >= 0; node = some.nextSetBit(node + 1)) {
      for (int e = firstTo[node]; e < firstTo[node + 1]; e++) {
        int named = to[e];
        if (isVariable(named)) {
          out.set(named);
        } else if (isLinkage(named)) {
          for (int f = firstTo[named]; f < firstTo[named + 1]; f++) {
            if (isVariable(to[f])) {
              out.set(to[f]);
            }
          }
        }
      }
    }
    return out;
  }

  private void outgoing() {
    if (firstTo.length == 0) {
      firstTo = new int[nodes + 1];
      to = new int[from.length];
      for (int namer : from) {
        firstTo[namer + 1]++;
      }
      int[] cursor = begin(firstTo);
      for (int node = 0; node < nodes; node++) {
        for (int e = first[node]; e < first[node + 1]; e++) {
          to[cursor[from[e]]++] = node;
        }
      }
    }
  }

  private boolean isVariable(int node) {
    return !isCode(node) && sectionKind(node) == VARIABLES;
  }

  private boolean isLinkage(int node) {
    return sectionKind(node) == LINKAGE;
  }

  private static final int OTHER = 0;
  private static final int LINKAGE = 1;
  private static final int VARIABLES = 2;

  /** What the section is for that a node lies in; by its name where the format gives those. */
  private int sectionKind(int node) {
    int image = imageOf(node);
    long address =
        node < firstObject[image]
            ? units[image].start(node - firstUnit[image])
            : objects[image][node - firstObject[image]];
    for (Section section : interpretation.image(image).image().sections()) {
      if (section.virtualAddress() != 0
          && address >= section.virtualAddress()
          && address < section.virtualAddress() + section.memorySize()) {
        String name = section.name().substring(section.name().lastIndexOf(',') + 1);
        return switch (name) {
          case ".got",
              ".got.plt",
              ".plt",
              ".plt.got",
              ".plt.sec",
              "__got",
              "__la_symbol_ptr",
              "__nl_symbol_ptr",
              "__stubs",
              "__auth_got" ->
              LINKAGE;
          case ".data.rel.ro" -> OTHER;
          default -> section.isWritable() ? VARIABLES : OTHER;
        };
      }
    }
    return OTHER;
  }

  private void addCode(int image, CodeSweep.Part part, Edges edges) {
    for (int e = 0; e < part.edgeCount(); e++) {
      edges.add(firstUnit[image] + part.edgeUnit(e), node(image, part.edgeTarget(e)));
    }
  }

  private void addData(int image, Pointers pointers, Edges edges) {
    for (int p = 0; p < pointers.count; p++) {
      edges.add(node(image, pointers.at[p]), node(pointers.image[p], pointers.target[p]));
    }
  }

  /** Where the objects of one image begin. */
  private long[] objectsOf(int image, long[] named, Pointers[] pointers) {
    long[] out = Arrays.copyOf(named, named.length);
    int count = out.length;
    for (Pointers some : pointers) {
      if (some == null) {
        continue;
      }
      for (int p = 0; p < some.count; p++) {
        if (some.image[p] == image) {
          if (count == out.length) {
            out = Arrays.copyOf(out, count * 2 + 16);
          }
          out[count++] = some.target[p];
        }
      }
    }
    return Arrays.stream(out, 0, count)
        .filter(address -> !units[image].isCode(address))
        .sorted()
        .distinct()
        .toArray();
  }

  private Pointers pointersOf(int number) {
    var out = new Pointers();
    LoadedImage image = interpretation.image(number);
    List<Section> sections =
        image.image().sections().stream()
            .filter(s -> !s.holdsCode() && s.virtualAddress() != 0 && s.fileSize() >= 8)
            .sorted(Comparator.comparingLong(Section::virtualAddress))
            .toList();
    for (Section section : sections) {
      long end = section.virtualAddress() + Math.min(section.fileSize(), MOST_SECTION);
      for (long at = section.virtualAddress() + 7 & ~7; at + 8 <= end; at += 8) {
        switch (image.slot(at)) {
          case Slot.Local local -> out.add(at, number, local.address());
          case Slot.Imported imported -> {
            long place = interpretation.definition(number, imported);
            if (place >= 0) {
              out.add(
                  at, Interpretation.imageNumberOf(place), interpretation.virtualAddressOf(place));
            } else if (isNoted.test(imported.name())) {
              notedSlots.add(new Noted(number, at, imported.name()));
            }
          }
          case Slot.Resolved resolved -> out.add(at, number, resolved.resolver());
          case Slot.None _ -> {}
        }
      }
    }
    return out;
  }
}
