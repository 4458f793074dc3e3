package dev.sigill.probe;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

/**
 * Workload files: lines {@code key: value}, and programs that are indented below {@code python:}.
 * The format is described in {@code docs/verify.md}; those that the tool has are written in it too.
 */
public final class Workloads {
  private static final List<String> BUILT_IN =
      List.of(
          "tensorflow",
          "pytorch",
          "jax",
          "numpy",
          "scipy",
          "scikit-learn",
          "pyarrow",
          "polars",
          "onnxruntime",
          "lightgbm",
          "xgboost");

  private static final int LARGEST = 1 << 20;

  private Workloads() {}

  /** The names of those that the tool has. */
  public static List<String> names() {
    return BUILT_IN;
  }

  /**
   * One that the tool has.
   *
   * @throws IllegalArgumentException where it has none of this name
   */
  public static Workload named(String name) {
    if (!BUILT_IN.contains(name)) {
      throw new IllegalArgumentException("no workload is called " + name);
    }
    try (InputStream in = Workloads.class.getResourceAsStream("workloads/" + name + ".workload")) {
      if (in == null) {
        throw new IllegalStateException("no resource for " + name);
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), name);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * One that a user wrote.
   *
   * @throws IOException where the file cannot be read
   * @throws IllegalArgumentException where it is no workload; the message names the line
   */
  public static Workload read(Path file) throws IOException {
    if (Files.size(file) > LARGEST) {
      throw new IllegalArgumentException(file + " is larger than a workload file may be (1 MiB)");
    }
    return parse(Files.readString(file), file.toString());
  }

  static Workload parse(String text, String file) {
    return new Parser(text, file).parse();
  }

  private static final class Parser {
    private final String[] lines;
    private final String file;
    private String name = "";
    private String title = "";
    private String prelude = "";
    private final List<List<String>> needs = new ArrayList<>();
    private final List<Workload.Step> steps = new ArrayList<>();

    private String step = "";
    private String stepTitle = "";
    private String source = "";
    private final List<List<String>> stepNeeds = new ArrayList<>();
    private final List<Workload.Check> checks = new ArrayList<>();

    Parser(String text, String file) {
      this.lines = text.split("\r?\n", -1);
      this.file = file;
    }

    Workload parse() {
      for (int i = 0; i < lines.length; i++) {
        String line = lines[i];
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        int colon = line.indexOf(':');
        if (colon < 0 || Character.isWhitespace(line.charAt(0))) {
          throw wrong(i, "neither `key: value` nor part of a program below `python:`");
        }
        String key = line.substring(0, colon);
        String value = line.substring(colon + 1).strip();
        if (key.equals("python") || key.equals("prelude")) {
          int end = i + 1;
          while (end < lines.length
              && (lines[end].isBlank() || Character.isWhitespace(lines[end].charAt(0)))) {
            end++;
          }
          String program = program(i + 1, end);
          if (key.equals("prelude")) {
            prelude = program;
          } else {
            source = program;
          }
          i = end - 1;
        } else {
          line(i, key, value);
        }
      }
      finish(lines.length - 1);
      if (name.isEmpty() || steps.isEmpty()) {
        throw wrong(0, "a workload has a line `workload: NAME` and at least one `step: NAME`");
      }
      return new Workload(name, title.isEmpty() ? name : title, needs, steps);
    }

    private void line(int i, String key, String value) {
      boolean isInStep = !step.isEmpty();
      switch (key) {
        case "workload" -> name = value;
        case "title" -> {
          if (isInStep) {
            stepTitle = value;
          } else {
            title = value;
          }
        }
        case "needs" ->
            (isInStep ? stepNeeds : needs).add(Arrays.asList(value.split("\\s*\\|\\s*")));
        case "step" -> {
          finish(i);
          step = value;
        }
        case "check" -> {
          try {
            checks.add(new Workload.Check(value));
          } catch (IllegalArgumentException e) {
            throw wrong(i, e.getMessage());
          }
        }
        default ->
            throw wrong(
                i, "`" + key + "` is none of workload, title, needs, prelude, step, python, check");
      }
      if (value.isEmpty()) {
        throw wrong(i, "`" + key + "` has no value");
      }
    }

    private void finish(int i) {
      if (step.isEmpty()) {
        return;
      }
      if (source.isEmpty()) {
        throw wrong(i, "the step " + step + " has no program below `python:`");
      }
      var names = new HashSet<String>();
      steps.forEach(s -> names.add(s.name()));
      if (!names.add(step)) {
        throw wrong(i, "two steps are called " + step);
      }
      steps.add(
          new Workload.Step(
              step, stepTitle.isEmpty() ? step : stepTitle, prelude + source, stepNeeds, checks));
      step = "";
      stepTitle = "";
      source = "";
      stepNeeds.clear();
      checks.clear();
    }

    /** Lines without the indentation that all of them have. */
    private String program(int from, int end) {
      int indent = Integer.MAX_VALUE;
      for (int i = from; i < end; i++) {
        if (!lines[i].isBlank()) {
          indent = Math.min(indent, lines[i].length() - lines[i].stripLeading().length());
        }
      }
      var out = new StringBuilder();
      for (int i = from; i < end; i++) {
        out.append(lines[i].isBlank() ? "" : lines[i].substring(indent)).append('\n');
      }
      return out.toString();
    }

    private IllegalArgumentException wrong(int line, String what) {
      return new IllegalArgumentException(file + ", line " + (line + 1) + ": " + what);
    }
  }
}
