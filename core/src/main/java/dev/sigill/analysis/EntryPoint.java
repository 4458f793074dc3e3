package dev.sigill.analysis;

import dev.sigill.image.Format;
import dev.sigill.image.Image;
import dev.sigill.image.Symbol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * An exported function by which a host starts an extension.
 *
 * @param name its name without a leading underscore: {@code PyInit_numpy}, {@code JNI_OnLoad},
 *     {@code napi_register_module_v1}
 * @param address its virtual address, as linked
 */
record EntryPoint(String name, long address) {
  private static final List<String> PREFIXES =
      List.of(
          "PyInit_", "PyInitU_", "JNI_OnLoad", "napi_register_module_v", "node_register_module_v");

  /** The entry points of an image, in the order of their names. */
  static List<EntryPoint> of(Image image) {
    var found = new ArrayList<EntryPoint>();
    // Mach-O writes an underscore before every C name.
    String written = image.format() == Format.MACH_O ? "_" : "";
    image
        .symbols()
        .forEachExported(
            PREFIXES.stream().map(written::concat).toList(),
            (Symbol symbol) ->
                found.add(
                    new EntryPoint(symbol.name().substring(written.length()), symbol.address())));
    found.sort(Comparator.comparing(EntryPoint::name));
    return found.stream().distinct().toList();
  }
}
