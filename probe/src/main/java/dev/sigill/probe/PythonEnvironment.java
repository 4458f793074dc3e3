package dev.sigill.probe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A Python to run programs with.
 *
 * @param interpreter the program to start; it may be a script that starts Python in another way
 * @param version its version
 * @param machine the architecture that it says it runs on
 * @param distributions what is installed, normalised names (PEP 503) with their versions
 */
public record PythonEnvironment(
    Path interpreter, String version, String machine, Map<String, String> distributions) {
  private static final List<String> PROGRAMS =
      List.of("bin/python3", "bin/python", "Scripts/python.exe", "python.exe", "python3", "python");

  /** Variables by which people or packages force a code path or a device. */
  private static final List<String> FORCING =
      List.of(
          "OPENBLAS_CORETYPE",
          "MKL_ENABLE_INSTRUCTIONS",
          "MKL_DEBUG_CPU_TYPE",
          "NPY_DISABLE_CPU_FEATURES",
          "NPY_ENABLE_CPU_FEATURES",
          "ATEN_CPU_CAPABILITY",
          "ONEDNN_MAX_CPU_ISA",
          "DNNL_MAX_CPU_ISA",
          "TF_ENABLE_ONEDNN_OPTS",
          "TF_XLA_FLAGS",
          "XLA_FLAGS",
          "ARROW_USER_SIMD_LEVEL",
          "POLARS_SKIP_CPU_CHECK",
          "ROSETTA_ADVERTISE_AVX",
          "GLIBC_TUNABLES",
          "CUDA_VISIBLE_DEVICES",
          "HIP_VISIBLE_DEVICES",
          "JAX_PLATFORMS",
          "TF_USE_LEGACY_KERAS",
          "KERAS_BACKEND",
          "QEMU_CPU",
          "LD_PRELOAD",
          "DYLD_INSERT_LIBRARIES",
          "PYTHONPATH");

  /** An environment cannot be used; the message says why. */
  public static final class UnusableException extends Exception {
    private static final long serialVersionUID = 1;
    private final transient Optional<dev.sigill.crash.Explanation> explanation;

    UnusableException(String message, Optional<dev.sigill.crash.Explanation> explanation) {
      super(message);
      this.explanation = explanation;
    }

    /** What the interpreter's death means, where it died. */
    public Optional<dev.sigill.crash.Explanation> explanation() {
      return explanation == null ? Optional.empty() : explanation;
    }
  }

  public PythonEnvironment {
    distributions = Map.copyOf(distributions);
  }

  /**
   * The interpreter of a folder, or the file itself.
   *
   * @throws UnusableException where there is none
   */
  public static Path interpreter(Path place) throws UnusableException {
    if (Files.isDirectory(place)) {
      for (String program : PROGRAMS) {
        Path file = place.resolve(program);
        if (Files.isExecutable(file) && Files.isRegularFile(file)) {
          return file.toAbsolutePath();
        }
      }
      throw new UnusableException("there is no Python in '" + place + "'", Optional.empty());
    }
    if (!Files.exists(place)) {
      throw new UnusableException("there is no '" + place + "'", Optional.empty());
    }
    if (!Files.isExecutable(place)) {
      throw new UnusableException("'" + place + "' is no program", Optional.empty());
    }
    return place.toAbsolutePath();
  }

  /**
   * The interpreter of the active environment: of {@code VIRTUAL_ENV}, {@code CONDA_PREFIX}, else
   * {@code python3} on the PATH.
   *
   * @throws UnusableException where there is none
   */
  public static Path active(Map<String, String> variables) throws UnusableException {
    for (String variable : new String[] {"VIRTUAL_ENV", "CONDA_PREFIX"}) {
      String folder = variables.getOrDefault(variable, "");
      if (!folder.isEmpty()) {
        return interpreter(Path.of(folder));
      }
    }
    boolean isWindows = System.getProperty("os.name", "").startsWith("Windows");
    for (String program : isWindows ? List.of("python.exe") : List.of("python3", "python")) {
      for (String folder : variables.getOrDefault("PATH", "").split(java.io.File.pathSeparator)) {
        Path file = Path.of(folder, program);
        if (!folder.isEmpty() && Files.isExecutable(file) && Files.isRegularFile(file)) {
          return file.toAbsolutePath();
        }
      }
    }
    throw new UnusableException(
        "no environment is active and no python3 is on the PATH", Optional.empty());
  }

  /** Settings that force a path, as {@code NAME=value}: they are part of what is proven. */
  public static List<String> forcing(Map<String, String> variables) {
    var set = new ArrayList<String>();
    for (String name : FORCING) {
      String value = variables.get(name);
      if (value != null && !value.isEmpty()) {
        set.add(name + "=" + value);
      }
    }
    return set;
  }

  /** The first of some distributions that is installed, with its version. */
  Optional<String> installed(List<String> anyOf) {
    return anyOf.stream()
        .filter(name -> distributions.containsKey(normalised(name)))
        .map(name -> name + " " + distributions.get(normalised(name)))
        .findFirst();
  }

  /** What is missing of what is needed, in words; empty where nothing is. */
  Optional<String> missing(List<List<String>> needs) {
    return needs.stream()
        .filter(anyOf -> installed(anyOf).isEmpty())
        .map(anyOf -> anyOf.getFirst() + " is not installed")
        .findFirst();
  }

  static String normalised(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[-_.]+", "-");
  }

  static PythonEnvironment of(Path interpreter, String survey) throws IOException {
    var said = tools.jackson.databind.json.JsonMapper.shared().readTree(survey);
    var distributions = new TreeMap<String, String>();
    said.path("distributions")
        .properties()
        .forEach(e -> distributions.put(normalised(e.getKey()), e.getValue().asString("")));
    return new PythonEnvironment(
        interpreter,
        said.path("version").asString(""),
        said.path("machine").asString(""),
        distributions);
  }
}
