package dev.sigill.analysis;

import dev.sigill.image.Format;
import dev.sigill.image.Image;
import dev.sigill.image.Slot;
import dev.sigill.image.Symbol;
import dev.sigill.image.macho.MachODylib;
import dev.sigill.image.macho.MachOImage;
import dev.sigill.image.macho.MachOImport;
import dev.sigill.image.pe.PeImage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The images that one image brings into a process, in two orders: that in which names are looked up
 * (breadth first from the image itself, ELF gABI chapter 5 "Shared Object Dependencies") and that
 * in which initialisers run (dependencies first).
 */
final class LoadScope {
  private final List<LoadedImage> lookupOrder;
  private final List<LoadedImage> initialisationOrder;
  private final Map<LoadedImage, Map<String, LoadedImage>> byNeededName;
  private final BiFunction<LoadedImage, String, @Nullable LoadedImage> elsewhere;
  private final Map<String, Target> resolved = new HashMap<>();

  /**
   * Where a name leads.
   *
   * @param image the image that defines it
   * @param address its address there
   * @param isIndirect whether a resolver decides what is called
   */
  record Target(LoadedImage image, long address, boolean isIndirect) {
    static final Target NONE = new Target(null, 0, false);

    boolean isNone() {
      return image == null;
    }
  }

  /**
   * @param lookupOrder the images in the order in which names are looked up
   * @param initialisationOrder the same in the order in which their initialisers run
   * @param byNeededName for each image the libraries that it loads, by the names it has for them
   * @param elsewhere finds a library of the target by the name that an image has for it; null where
   *     there is none
   */
  LoadScope(
      List<LoadedImage> lookupOrder,
      List<LoadedImage> initialisationOrder,
      Map<LoadedImage, Map<String, LoadedImage>> byNeededName,
      BiFunction<LoadedImage, String, @Nullable LoadedImage> elsewhere) {
    this.lookupOrder = List.copyOf(lookupOrder);
    this.initialisationOrder = List.copyOf(initialisationOrder);
    this.byNeededName = byNeededName;
    this.elsewhere = elsewhere;
  }

  List<LoadedImage> lookupOrder() {
    return lookupOrder;
  }

  List<LoadedImage> initialisationOrder() {
    return initialisationOrder;
  }

  /** The definition that an imported name of one image binds to within this scope. */
  Target resolve(LoadedImage from, Slot.Imported imported) {
    if (from.image().format() == Format.ELF || imported.library().isEmpty()) {
      Target known = resolved.get(imported.name());
      if (known == null) {
        known = lookUp(imported.name());
        resolved.put(imported.name(), known);
      }
      return known;
    }
    // Two-level names: the library is named, its re-exports count as its own.
    String key = from.path() + '\0' + imported.library() + '\0' + imported.name();
    Target known = resolved.get(key);
    if (known == null) {
      known = lookUpIn(from, imported.library(), imported.name(), new HashSet<>());
      resolved.put(key, known);
    }
    return known;
  }

  private Target lookUp(String name) {
    for (LoadedImage candidate : lookupOrder) {
      Target found = target(candidate, candidate.exported(name));
      if (!found.isNone()) {
        return found;
      }
    }
    return Target.NONE;
  }

  /** A name in the library that an image says defines it, or in those that answer for it. */
  private Target lookUpIn(LoadedImage from, String library, String name, Set<LoadedImage> visited) {
    LoadedImage provider = provider(from, library);
    if (provider == null || !visited.add(provider)) {
      return Target.NONE;
    }
    Symbol symbol = provider.exported(name);
    if (symbol != null && symbol.kind() != Symbol.Kind.FORWARD) {
      return target(provider, symbol);
    }
    return switch (provider.image()) {
      case PeImage dll -> {
        PeImage.Forwarder forwarder = symbol == null ? null : dll.forwarder(name);
        yield forwarder == null
            ? Target.NONE
            : lookUpIn(provider, forwarder.library(), forwarder.name(), visited);
      }
      case MachOImage dylib -> {
        MachOImport elsewhere = symbol == null ? null : dylib.reexport(name);
        if (elsewhere != null) {
          yield lookUpIn(provider, elsewhere.library(), elsewhere.name(), visited);
        }
        Target found = Target.NONE;
        for (MachODylib other : dylib.dylibs()) {
          if (found.isNone() && other.isReexported()) {
            found = lookUpIn(provider, other.name(), name, visited);
          }
        }
        yield found;
      }
      default -> Target.NONE;
    };
  }

  /** The library that an image names; a forwarder may name one that the image does not load. */
  private @Nullable LoadedImage provider(LoadedImage from, String library) {
    LoadedImage loaded = byNeededName.getOrDefault(from, Map.of()).get(library);
    return loaded != null ? loaded : elsewhere.apply(from, library);
  }

  private static Target target(LoadedImage image, @Nullable Symbol symbol) {
    if (symbol == null || symbol.kind() == Symbol.Kind.FORWARD) {
      return Target.NONE;
    }
    return new Target(image, symbol.address(), symbol.kind() == Symbol.Kind.INDIRECT_FUNCTION);
  }

  /** Whether an image can be in one process with another: same format and architecture. */
  static boolean isCompatible(Image a, Image b) {
    return a.format() == b.format()
        && a.architecture() == b.architecture()
        && a.byteOrder() == b.byteOrder();
  }
}
