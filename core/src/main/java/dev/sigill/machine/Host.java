package dev.sigill.machine;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What detection asks of the running system, so that tests can answer in its place. */
interface Host {
  /** A Java system property ({@code os.name}, {@code os.arch}, {@code os.version}), or empty. */
  String property(String name);

  /** An environment variable, or null. */
  @Nullable String environment(String name);

  /** The root of the file system. */
  Path root();

  /** A value of macOS's {@code sysctl} as that program prints it, or null. */
  @Nullable String sysctl(String name);

  /** Windows' {@code IsProcessorFeaturePresent}; false where there is none. */
  boolean isProcessorFeaturePresent(int number);

  /** The version and build of Windows ({@code 10.0.22631}), or null. */
  @Nullable String windowsVersion();

  /**
   * The processor's {@code IMAGE_FILE_MACHINE} as {@code IsWow64Process2} says, or 0 where it does
   * not.
   */
  int windowsNativeMachine();
}
