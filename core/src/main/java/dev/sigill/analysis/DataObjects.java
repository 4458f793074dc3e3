package dev.sigill.analysis;

import dev.sigill.image.FunctionTable;
import dev.sigill.image.Section;
import dev.sigill.image.Slot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Objects in the data of images: what their pointers lead to, as the loader leaves them and as code
 * was seen to store them. Where an object ends is not written anywhere: it ends at the next address
 * that code or another pointer names.
 */
final class DataObjects {
  private static final int MOST_WORDS = 1 << 20;

  /** Words without a pointer after which an object is taken to have ended. */
  private static final int MOST_GAP = 64;

  private static final int MOST_OBJECTS = 20_000;

  private final Interpretation interpretation;
  private final Map<Integer, Set<Long>> begins = new HashMap<>();
  private final Map<Integer, long[]> references;
  private final Map<Long, List<Long>> words = new HashMap<>();

  /**
   * @param interpretation the images and what is known of them
   * @param references by image number, the addresses that its code names, ascending
   */
  DataObjects(Interpretation interpretation, Map<Integer, long[]> references) {
    this.interpretation = interpretation;
    this.references = references;
  }

  boolean isCode(long place) {
    int image = Interpretation.imageNumberOf(place);
    return image < Interpretation.THREAD_LOCAL
        && interpretation.image(image).isCode(interpretation.virtualAddressOf(place));
  }

  /**
   * Whether a function may begin at a place of code that somebody was seen to compute: not within
   * another one, unless code or data names the place itself. A pointer to something else, moved, is
   * no function.
   */
  boolean mayBeFunction(long place) {
    int number = Interpretation.imageNumberOf(place);
    long address = interpretation.virtualAddressOf(place);
    FunctionTable.Range range =
        interpretation.image(number).image().functions().containing(address);
    return range.isNone() || range.start() == address || isBeginning(number, address);
  }

  /** The places of code that an object's own pointers lead to. */
  List<Long> code(long place) {
    return pointers(place).stream().filter(this::isCode).toList();
  }

  /** The places of code that an object leads to, through further objects too. */
  Set<Long> reachable(long place) {
    var out = new LinkedHashSet<Long>();
    var seen = new HashSet<Long>();
    var queue = new ArrayDeque<Long>();
    queue.add(place);
    seen.add(place);
    while (!queue.isEmpty()) {
      for (long pointer : pointers(queue.poll())) {
        if (isCode(pointer)) {
          out.add(pointer);
        } else if (seen.size() < MOST_OBJECTS && seen.add(pointer)) {
          queue.add(pointer);
        }
      }
    }
    return out;
  }

  private List<Long> pointers(long place) {
    List<Long> known = words.get(place);
    if (known == null) {
      known = read(place);
      words.put(place, known);
    }
    return known;
  }

  private List<Long> read(long place) {
    var out = new ArrayList<Long>();
    int number = Interpretation.imageNumberOf(place);
    if (number >= Interpretation.THREAD_LOCAL) {
      return out;
    }
    long address = interpretation.virtualAddressOf(place);
    Section section = sectionOf(number, address);
    if (section == null) {
      return out;
    }
    long end = section.virtualAddress() + section.memorySize();
    int gap = 0;
    for (int i = 0; i < MOST_WORDS && gap <= MOST_GAP && address + 8 <= end; i++, address += 8) {
      if (i > 0 && isBeginning(number, address)) {
        break;
      }
      long pointer = interpretation.loaderPointer(number, address);
      long stored =
          interpretation.memory.peek(Memory.IMAGES, interpretation.place(number, address), 8);
      int before = out.size();
      add(pointer, out);
      add(stored, out);
      gap = out.size() > before ? 0 : gap + 1;
    }
    return out;
  }

  private void add(long value, List<Long> out) {
    for (long element : interpretation.values.elements(value)) {
      if (Values.kind(element) == Values.ADDRESS && !Values.isGuarded(element)) {
        out.add(Values.payload(element));
      }
    }
  }

  private Section sectionOf(int number, long address) {
    for (Section section : interpretation.image(number).image().sections()) {
      if (section.virtualAddress() != 0
          && address >= section.virtualAddress()
          && address < section.virtualAddress() + section.memorySize()) {
        return section;
      }
    }
    return null;
  }

  /** Whether code or a pointer of the image's data names an address. */
  private boolean isBeginning(int number, long address) {
    if (interpretation.isReferenced(interpretation.place(number, address))) {
      return true;
    }
    long[] named = references.get(number);
    if (named != null && Arrays.binarySearch(named, address) >= 0) {
      return true;
    }
    return begins.computeIfAbsent(number, this::pointerTargets).contains(address);
  }

  /** The addresses that pointers in an image's writable data lead to. */
  private Set<Long> pointerTargets(int number) {
    var out = new HashSet<Long>();
    for (Section section : interpretation.image(number).image().sections()) {
      if (section.isExecutable() || section.virtualAddress() == 0 || section.fileSize() == 0) {
        continue;
      }
      long end = section.virtualAddress() + Math.min(section.fileSize(), MOST_SECTION);
      for (long at = section.virtualAddress() + 7 & ~7; at + 8 <= end; at += 8) {
        switch (interpretation.image(number).slot(at)) {
          case Slot.Local local -> out.add(local.address());
          case Slot.Imported _ -> {
            long value = interpretation.loaderPointer(number, at);
            if (Values.kind(value) == Values.ADDRESS
                && Interpretation.imageNumberOf(Values.payload(value)) == number) {
              out.add(interpretation.virtualAddressOf(Values.payload(value)));
            }
          }
          case Slot.Resolved _, Slot.None _ -> {}
        }
      }
    }
    return out;
  }

  private static final long MOST_SECTION = 64L << 20;
}
