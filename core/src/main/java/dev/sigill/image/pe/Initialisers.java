package dev.sigill.image.pe;

import dev.sigill.bytes.Problem;
import dev.sigill.image.Initialiser;
import dev.sigill.image.pe.PeHeaders.DataDirectory;
import java.util.ArrayList;
import java.util.List;

/**
 * What the loader calls when it loads an image: the TLS callbacks ("PE Format": The .tls Section),
 * then a DLL's entry point.
 */
final class Initialisers {
  private static final int MOST_CALLBACKS = 4096;

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
}
