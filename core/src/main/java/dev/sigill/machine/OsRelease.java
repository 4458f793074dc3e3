package dev.sigill.machine;

import dev.sigill.machine.Catalog.SystemRow;
import dev.sigill.machine.SystemProfile.Libc;
import dev.sigill.platform.OperatingSystem;
import dev.sigill.platform.Version;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which Linux distribution it is. Source: freedesktop.org, {@code os-release(5)}.
 *
 * @param id {@code ubuntu}, {@code debian}, {@code rhel} …, or empty
 * @param version {@code 22.04}, or empty
 * @param title {@code PRETTY_NAME}, or empty
 */
record OsRelease(String id, String version, String title) {
  /** Reads the assignments of the file; empty where it has none. */
  static OsRelease parse(String text) {
    Map<String, String> values = new HashMap<>();
    for (String line : text.lines().toList()) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        values.put(line.substring(0, equals).strip(), unquoted(line.substring(equals + 1).strip()));
      }
    }
    return new OsRelease(
        values.getOrDefault("ID", "").toLowerCase(Locale.ROOT),
        values.getOrDefault("VERSION_ID", ""),
        values.getOrDefault("PRETTY_NAME", ""));
  }

  private static String unquoted(String value) {
    boolean isQuoted =
        value.length() > 1
            && (value.charAt(0) == '"' || value.charAt(0) == '\'')
            && value.charAt(value.length() - 1) == value.charAt(0);
    return isQuoted ? value.substring(1, value.length() - 1) : value;
  }

  /**
   * The system, with libraries as found; where one was not found, as the catalog has it for this
   * distribution.
   */
  SystemProfile profile(Libc libc, String libcVersion, String glibcxx) {
    SystemRow row = row();
    SystemProfile known = row == null ? null : row.profile();
    Libc kind = libc == Libc.NONE && known != null ? known.libc() : libc;
    boolean isSame = known != null && known.libc() == kind;
    String knownLibc = isSame ? known.libcVersion().text() : "";
    String foundLibc = libcVersion.isEmpty() ? knownLibc : libcVersion;
    // A libstdc++ that was not found is not there: the catalog's would be a guess.
    String name =
        known != null
            ? known.name()
            : id.isEmpty() ? "linux" : version.isEmpty() ? id : id + "-" + version;
    String full = title.isEmpty() ? known == null ? "Linux" : known.title() : title;
    String shown = bare(full);
    return new SystemProfile(
        name,
        foundLibc.isEmpty()
            ? shown
            : shown + " (" + kind.name().toLowerCase(Locale.ROOT) + " " + foundLibc + ")",
        OperatingSystem.LINUX,
        new Version(version),
        kind,
        new Version(foundLibc),
        new Version(glibcxx),
        known == null ? 0 : known.requiredLevel());
  }

  /** Without code name or library in brackets at the end. */
  private static String bare(String title) {
    int open = title.lastIndexOf(" (");
    return open < 0 ? title : title.substring(0, open);
  }

  private @Nullable SystemRow row() {
    if (id.isEmpty() || version.isEmpty()) {
      return null;
    }
    String family =
        switch (id) {
          case "amzn" -> "amazon-linux";
          case "ol" -> "oracle-linux";
          case "opensuse-leap" -> "opensuse";
          default -> id;
        };
    SystemRow exact = Catalog.standard().system(family + "-" + version);
    if (exact != null) {
      return exact;
    }
    int last = version.lastIndexOf('.');
    return last < 0 ? null : Catalog.standard().system(family + "-" + version.substring(0, last));
  }
}
