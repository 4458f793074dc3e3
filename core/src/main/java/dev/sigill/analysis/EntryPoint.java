package dev.sigill.analysis;

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
  /** The entry points of an image, in the order of their names. */
  static List<EntryPoint> of(Image image) {
    var found = new ArrayList<EntryPoint>();
    image
        .symbols()
        .forEachExported(
            (Symbol symbol) -> {
              String name = plain(symbol.name());
              if (name.startsWith("PyInit_")
                  || name.startsWith("PyInitU_")
                  || name.equals("JNI_OnLoad")
                  || name.startsWith("JNI_OnLoad_")
                  || name.startsWith("napi_register_module_v")
                  || name.startsWith("node_register_module_v")) {
                found.add(new EntryPoint(name, symbol.address()));
              }
            });
    found.sort(Comparator.comparing(EntryPoint::name));
    return found.stream().distinct().toList();
  }

  /** Mach-O writes an underscore before every C name. */
  private static String plain(String name) {
    return name.startsWith("_") ? name.substring(1) : name;
  }
}
