package dev.sigill.image.pe;

import dev.sigill.bytes.Problem;
import dev.sigill.image.Initialiser;
import dev.sigill.image.pe.PeHeaders.DataDirectory;
import dev.sigill.image.pe.PeHeaders.SectionHeader;
import java.util.ArrayList;
import java.util.List;

/**
 * What the loader calls when it loads an image: the TLS callbacks ("PE Format": The .tls Section),
 * then a DLL's entry point; and what the entry point runs where only the table of it can be known.
 */
final class Initialisers {
  private static final int MOST_CALLBACKS = 4096;
  private static final int MOST_CONSTRUCTORS = 1 << 16;

  private Initialisers() {}

  static List<Initialiser> of(
      PeHeaders headers, PeMapping mapping, boolean runsEntryPoint, PeProblems problems) {
    List<Long> callbacks = tlsCallbacks(headers, mapping, problems);
    var out = new ArrayList<Initialiser>();
    for (int i = 0; i < callbacks.size(); i++) {
      out.add(
          new Initialiser(
              Initialiser.Kind.TLS_CALLBACK,
              i,
              callbacks.size(),
              headers.codeAddress(callbacks.get(i))));
    }
    if (runsEntryPoint && headers.isDll() && headers.addressOfEntryPoint() != 0) {
      if (mapping.isMapped(headers.addressOfEntryPoint())) {
        out.add(
            new Initialiser(
                Initialiser.Kind.DLL_ENTRY,
                0,
                1,
                headers.codeAddress(headers.imageBase() + headers.addressOfEntryPoint())));
      } else {
        problems.partLost(
            Problem.Code.OUT_OF_RANGE,
            headers.fileOffset() + 40,
            "AddressOfEntryPoint",
            headers.addressOfEntryPoint(),
            mapping.end());
      }
    }
    return List.copyOf(out);
  }

  private static List<Long> tlsCallbacks(
      PeHeaders headers, PeMapping mapping, PeProblems problems) {
    DataDirectory directory = headers.directory(PeHeaders.TLS);
    if (!directory.isPresent()) {
      return List.of();
    }
    int wordSize = headers.pointerSize();
    long field = directory.virtualAddress() + 3L * wordSize;
    long fieldOffset = mapping.fileOffset(field, wordSize);
    if (fieldOffset < 0) {
      problems.partLost(
          Problem.Code.OUT_OF_RANGE,
          headers.fileOffset(),
          "TLS Table RVA",
          directory.virtualAddress(),
          mapping.end());
      return List.of();
    }
    long addressOfCallBacks = mapping.word(field, headers.isPe32Plus());
    var callbacks = new ArrayList<Long>();
    if (addressOfCallBacks == 0) {
      return callbacks;
    }
    long list = addressOfCallBacks - headers.imageBase();
    for (int i = 0; ; i++) {
      long rva = list + (long) i * wordSize;
      if (!mapping.isMapped(rva) || i == MOST_CALLBACKS) {
        problems.partLost(
            i == MOST_CALLBACKS ? Problem.Code.LIMIT : Problem.Code.OUT_OF_RANGE,
            fieldOffset,
            "AddressOfCallBacks",
            rva,
            i == MOST_CALLBACKS ? MOST_CALLBACKS : mapping.end());
        return callbacks;
      }
      long callback = mapping.word(rva, headers.isPe32Plus());
      if (callback == 0) {
        return callbacks;
      }
      if (!mapping.isExecutable(callback - headers.imageBase())) {
        problems.partLost(
            Problem.Code.OUT_OF_RANGE,
            Math.max(0, mapping.fileOffset(rva)),
            "TLS callback " + i,
            callback,
            -1);
        return callbacks;
      }
      callbacks.add(callback);
    }
  }

  /**
   * The constructors of a DLL that GNU ld linked. Its start-up code calls them in a loop over a
   * table, from the last to the first; its linker script lays the table out in the code section as
   * a word of ones, the pointers and a word of zeros, with the destructors' in the same form behind
   * it (binutils, ld/scripttempl/pe.sc and pep.sc: {@code __CTOR_LIST__}, {@code __DTOR_LIST__}).
   */
  static List<Initialiser> constructors(
      PeHeaders headers, PeMapping mapping, PeRelocations relocations) {
    if (!headers.isDll()) {
      return List.of();
    }
    var tables = new ArrayList<List<Long>>();
    for (SectionHeader section : mapping.sections()) {
      if (section.is(PeHeaders.IMAGE_SCN_MEM_EXECUTE)) {
        long start = section.virtualAddress();
        relocations.forEach(
            start,
            start + PeMapping.virtualSize(section),
            rva -> {
              List<Long> table = constructors(headers, mapping, relocations, rva);
              if (!table.isEmpty() && tables.isEmpty()) {
                tables.add(table);
              }
            });
      }
    }
    List<Long> table = tables.isEmpty() ? List.of() : tables.getFirst().reversed();
    var out = new ArrayList<Initialiser>();
    for (int i = 0; i < table.size(); i++) {
      out.add(
          new Initialiser(
              Initialiser.Kind.CRT_INITIALISER,
              i,
              table.size(),
              headers.codeAddress(table.get(i))));
    }
    return out;
  }

  /** The pointers from a relocated one on, where they are a table of constructors. */
  private static List<Long> constructors(
      PeHeaders headers, PeMapping mapping, PeRelocations relocations, long rva) {
    int wordSize = headers.pointerSize();
    long ones = headers.isPe32Plus() ? -1 : 0xffff_ffffL;
    if (word(headers, mapping, rva - wordSize) != ones) {
      return List.of();
    }
    var pointers = new ArrayList<Long>();
    long at = rva;
    while (relocations.contains(at) && pointers.size() < MOST_CONSTRUCTORS) {
      long pointer = word(headers, mapping, at);
      if (!mapping.isExecutable(pointer - headers.imageBase())) {
        return List.of();
      }
      pointers.add(pointer);
      at += wordSize;
    }
    boolean isEnded = word(headers, mapping, at) == 0 && !relocations.contains(at);
    boolean isFollowed = word(headers, mapping, at + wordSize) == ones;
    return isEnded && isFollowed ? pointers : List.of();
  }

  private static long word(PeHeaders headers, PeMapping mapping, long rva) {
    return mapping.word(rva, headers.isPe32Plus());
  }
}
