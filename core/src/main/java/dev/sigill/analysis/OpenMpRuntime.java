package dev.sigill.analysis;

import dev.sigill.image.Image;

/** Tells which OpenMP runtime an image is, by the interface it exports. */
final class OpenMpRuntime {
  private OpenMpRuntime() {}

  /**
   * LLVM's and Intel's runtimes export {@code __kmpc_fork_call}, GNU's exports {@code
   * GOMP_parallel} without it, Microsoft's exports {@code _vcomp_fork}. Empty for any other image.
   */
  static String of(Image image) {
    if (has(image, "__kmpc_fork_call")) {
      boolean isIntel =
          has(image, "__kmpc_set_affinity_mask_proc") && has(image, "kmp_set_warnings_on");
      String name = image.installName().isEmpty() ? image.place().file() : image.installName();
      return isIntel && name.contains("iomp5") ? "libiomp5" : "libomp";
    }
    if (has(image, "GOMP_parallel")) {
      return "libgomp";
    }
    return has(image, "_vcomp_fork") ? "vcomp" : "";
  }

  private static boolean has(Image image, String name) {
    return image.symbols().exported(name) != null || image.symbols().exported("_" + name) != null;
  }
}
