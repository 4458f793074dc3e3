package dev.sigill.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The package that an installed file belongs to, by the installer's own records. */
final class InstalledPackage {
  private static final int MOST_PACKAGES = 3000;
  private static final int MOST_LINES = 200_000;

  private InstalledPackage() {}

  /** {@code tensorflow-cpu 2.21.0}, from the {@code RECORD} (PEP 376) that lists the file. */
  static Optional<String> of(Path file) {
    for (Path folder = file.getParent(); folder != null; folder = folder.getParent()) {
      String name = String.valueOf(folder.getFileName());
      if (name.equals("site-packages") || name.equals("dist-packages")) {
        return recorded(folder, folder.relativize(file).toString().replace('\\', '/'));
      }
      if (folder.getParent() != null && folder.getParent().endsWith("node_modules")) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  private static Optional<String> recorded(Path packages, String relative) {
    int looked = 0;
    try (DirectoryStream<Path> infos = Files.newDirectoryStream(packages, "*.dist-info")) {
      for (Path info : infos) {
        if (looked++ == MOST_PACKAGES) {
          break;
        }
        if (lists(info.resolve("RECORD"), relative)) {
          String name = info.getFileName().toString().replaceFirst("\\.dist-info$", "");
          return Optional.of(name.replaceFirst("-(?=[^-]*$)", " ").replace('_', '-'));
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  private static boolean lists(Path record, String relative) {
    try (BufferedReader lines = Files.newBufferedReader(record, StandardCharsets.ISO_8859_1)) {
      for (int i = 0; i < MOST_LINES; i++) {
        String line = lines.readLine();
        if (line == null) {
          return false;
        }
        if (line.startsWith(relative + ",") || line.startsWith("\"" + relative + "\",")) {
          return true;
        }
      }
    } catch (IOException e) {
      return false;
    }
    return false;
  }
}
