package dev.sigill.image.name;

import org.jspecify.annotations.Nullable;

/**
 * Makes the names that compilers write for linkers readable: C++ (Itanium and Microsoft) and Rust.
 */
public final class Demangler {
  private Demangler() {}

  /**
   * The readable form of a name, or the name itself where it follows no known scheme or breaks the
   * rules of its own. Names as Mach-O files write them begin with one underscore more: see {@link
   * #demangleMachO}.
   */
  public static String demangle(String name) {
    String readable = read(name);
    return readable == null ? name : readable;
  }

  /** The readable form of a name in a Mach-O file, where C puts an underscore before every name. */
  public static String demangleMachO(String name) {
    if (!name.startsWith("_")) {
      return demangle(name);
    }
    return demangle(name.substring(1));
  }

  /**
   * Whether a name is that of a C++ function in the Itanium scheme, with Mach-O's underscore or
   * without: one that may be inline or the instance of a template. Functions of unnamed namespaces,
   * of which no two objects hold the same, and those of Rust are not.
   */
  public static boolean isItaniumFunction(String name) {
    String own = name.startsWith("__Z") ? name.substring(1) : name;
    return own.startsWith("_Z")
        && !own.startsWith("_ZGV")
        && !own.startsWith("_ZL")
        && !own.startsWith("_ZT")
        && !own.contains("_GLOBAL__N_1")
        && !(own.startsWith("_ZN") && RustName.isLegacy(own));
  }

  private static @Nullable String read(String name) {
    try {
      if (name.startsWith("_Z")) {
        return name.startsWith("_ZN") && RustName.isLegacy(name)
            ? RustName.readLegacy(name)
            : ItaniumName.read(name);
      }
      if (name.startsWith("?")) {
        return MicrosoftName.read(name);
      }
      if (name.startsWith("_R")) {
        return RustName.read(name);
      }
      if (name.startsWith("_GLOBAL_") && name.length() > 11) {
        return globalInitialiser(name);
      }
      return null;
    } catch (BadName e) {
      return null;
    }
  }

  /** {@code _GLOBAL__I_name}: the code that initialises the variables of one priority or file. */
  private static @Nullable String globalInitialiser(String name) {
    char separator = name.charAt(8);
    char kind = name.charAt(9);
    if (separator != '.' && separator != '_' && separator != '$'
        || kind != 'I' && kind != 'D'
        || name.charAt(10) != '_') {
      return null;
    }
    String what = kind == 'I' ? "constructors" : "destructors";
    return "global " + what + " keyed to " + demangle(name.substring(11));
  }
}
