package dev.sigill.source;

import java.util.Locale;

/** What names of archives say, where their content alone does not. */
final class ArchiveNames {
  private ArchiveNames() {}

  /** Names of formats that are ZIP files, whatever may have been put in front of them. */
  static boolean isZip(String name) {
    return endsWith(name, ".whl", ".egg", ".jar", ".war", ".ear", ".zip", ".conda", ".pex", ".pyz");
  }

  static boolean isWheel(String name) {
    return endsWith(name, ".whl");
  }

  static boolean isJar(String name) {
    return endsWith(name, ".jar", ".war", ".ear", ".rar", ".aar", ".nar", ".sar", ".hpi", ".nbm");
  }

  static boolean isConda(String name) {
    return endsWith(name, ".conda");
  }

  /** A {@code .conda} file holds the package and what describes it in an archive each. */
  static boolean isCondaPart(String name) {
    return (name.startsWith("pkg-") || name.startsWith("info-")) && name.endsWith(".tar.zst");
  }

  private static boolean endsWith(String name, String... suffixes) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (String suffix : suffixes) {
      if (lower.endsWith(suffix)) {
        return true;
      }
    }
    return false;
  }
}
