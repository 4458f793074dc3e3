package dev.sigill.crash;

import dev.sigill.bytes.Place;
import dev.sigill.bytes.Problem;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * Crash reports of macOS since 12 ({@code .ips}): a line of JSON about the report, then one JSON
 * object (Apple, "Interpreting the JSON format of a crash report").
 */
final class AppleReport implements ReportFormat {
  private static final int DEPTH = 100;
  private static final int MOST_FRAMES = 40;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEPTH).build())
                  .build())
          .build();

  @Override
  public String title() {
    return "macOS crash report (.ips)";
  }

  @Override
  public boolean matches(String text) {
    String head = text.substring(0, Math.min(text.length(), 4000)).stripLeading();
    return head.startsWith("{")
        && (head.contains("\"bug_type\"")
            || head.contains("\"usedImages\"")
            || head.contains("\"procName\""));
  }

  @Override
  public String read(String text, Facts.Collected facts, List<Problem> problems, String name) {
    String body = text.stripLeading();
    int end = body.indexOf('\n');
    String head = end < 0 ? body : body.substring(0, end);
    if (end >= 0 && head.contains("\"bug_type\"")) {
      body = body.substring(end + 1);
      JsonNode about = parse(head, name, problems);
      facts.note(Fact.PROCESS, text(about.path("app_name")));
      facts.note(Fact.OS, text(about.path("os_version")));
    }
    JsonNode report = parse(body, name, problems);
    if (!report.isObject()) {
      // Cut off: the words that are there still say something.
      return text;
    }
    return new Body(report, facts).read();
  }

  private static JsonNode parse(String json, String name, List<Problem> problems) {
    try {
      return MAPPER.readTree(json);
    } catch (JacksonException e) {
      long offset = e.getLocation() == null ? -1 : e.getLocation().getCharOffset();
      problems.add(
          new Problem(
              Problem.Code.BAD_VALUE,
              Place.of(name),
              "JSON",
              offset,
              json.length(),
              Problem.Effect.PART_LOST));
      return MissingNode.getInstance();
    }
  }

  static String text(JsonNode node) {
    return node.isString()
        ? node.stringValue()
        : node.isNumber() ? node.numberValue().toString() : "";
  }

  /** One report's object. */
  private static final class Body {
    private final JsonNode report;
    private final Facts.Collected facts;
    private final StringBuilder prose = new StringBuilder();

    Body(JsonNode report, Facts.Collected facts) {
      this.report = report;
      this.facts = facts;
    }

    String read() {
      system();
      exception();
      images();
      thread();
      return prose.toString();
    }

    private void system() {
      facts.note(Fact.PROCESS, text(report.path("procName")));
      facts.note(Fact.CPU, text(report.path("modelCode")));
      String cpuType = text(report.path("cpuType")).toLowerCase(Locale.ROOT);
      facts.note(Fact.PROCESS_ARCH, architecture(cpuType));
      JsonNode translated = report.path("translated");
      if (translated.isBoolean()) {
        facts.note(Fact.TRANSLATED, String.valueOf(translated.booleanValue()));
        if (translated.booleanValue()) {
          facts.note(Fact.TRANSLATOR, "Rosetta 2");
        }
      }
      String train = text(report.path("osVersion").path("train"));
      String build = text(report.path("osVersion").path("build"));
      if (!train.isEmpty()) {
        facts.replace(Fact.OS, build.isEmpty() ? train : train + " (" + build + ")");
      }
      facts.note(Fact.OS, "macOS");
    }

    private void exception() {
      JsonNode exception = report.path("exception");
      String type = text(exception.path("type"));
      String signal = text(exception.path("signal"));
      facts.note(Fact.SIGNAL, signal);
      facts.note(Fact.EXCEPTION, type);
      String codes = text(exception.path("codes"));
      facts.note(Fact.SIGNAL_CODE, codes);
      // What the program said of itself came before the signal.
      JsonNode information = report.path("asi");
      information.properties().forEach(entry -> strings(entry.getValue()));
      line(type + " " + signal);
      JsonNode termination = report.path("termination");
      line(text(termination.path("namespace")) + " " + text(termination.path("indicator")));
      strings(termination.path("reasons"));
      strings(termination.path("details"));
    }

    private void images() {
      for (JsonNode image : report.path("usedImages")) {
        long base = image.path("base").asLong(0);
        long size = image.path("size").asLong(0);
        String path = text(image.path("path"));
        facts.add(
            new LoadedLibrary(
                path.isEmpty() ? text(image.path("name")) : path,
                base,
                base + Math.max(0, size),
                0,
                text(image.path("arch"))));
      }
    }

    private void thread() {
      JsonNode threads = report.path("threads");
      int number = report.path("faultingThread").asInt(0);
      JsonNode thread = threads.path(number);
      if (!thread.path("triggered").asBoolean(false)) {
        for (JsonNode each : threads) {
          if (each.path("triggered").asBoolean(false)) {
            thread = each;
            break;
          }
        }
      }
      String flavour = text(thread.path("threadState").path("flavor"));
      if (flavour.startsWith("x86")) {
        facts.note(Fact.PROCESS_ARCH, "x86_64");
      } else if (flavour.startsWith("ARM")) {
        facts.note(Fact.PROCESS_ARCH, "arm64");
      }
      facts.note(Fact.THREAD, text(thread.path("name")));
      JsonNode frames = thread.path("frames");
      JsonNode first = frames.path(0);
      int index = first.path("imageIndex").asInt(-1);
      if (index >= 0 && index < facts.libraries().size()) {
        LoadedLibrary image = facts.libraries().get(index);
        long offset = first.path("imageOffset").asLong(0);
        if (image.path().isEmpty()) {
          facts.note(Fact.FRAME_KIND, "generated");
        } else {
          facts.note(Fact.IMAGE, image.path());
          facts.noteAddress(Fact.IMAGE_OFFSET, offset);
          facts.note(Fact.FRAME_KIND, "native");
        }
        facts.noteAddress(Fact.ADDRESS, image.start() + offset);
      }
      facts.note(Fact.FUNCTION, text(first.path("symbol")));
      JsonNode stream = thread.path("instructionState").path("instructionStream");
      bytes(text(report.path("instructionByteStream").path("atPC")), text(stream.path("atPC")));
      bytes(stream.path("bytes"), stream.path("offset").asInt(-1));
      int shown = 0;
      for (JsonNode frame : frames) {
        if (shown++ == MOST_FRAMES) {
          break;
        }
        line("frame " + text(frame.path("symbol")));
      }
    }

    private void bytes(String base64, String otherwise) {
      try {
        byte[] code = Base64.getDecoder().decode(base64.isEmpty() ? otherwise : base64);
        facts.note(Fact.BYTES, HexFormat.of().formatHex(code, 0, Math.min(code.length, 32)));
      } catch (IllegalArgumentException e) {
        // Not bytes: the file itself may have them.
      }
    }

    /** Intel code, native or translated: numbers from before the fault on, and where it lies. */
    private void bytes(JsonNode numbers, int fault) {
      var code = new StringBuilder();
      for (int i = fault < 0 ? numbers.size() : fault;
          i < numbers.size() && code.length() < 64;
          i++) {
        code.append(HexFormat.of().toHexDigits((byte) numbers.path(i).asInt(0)));
      }
      facts.note(Fact.BYTES, code.toString());
    }

    private void strings(JsonNode list) {
      for (JsonNode each : list) {
        line(text(each));
      }
    }

    private void line(String text) {
      if (prose.length() < TextIntake.WHOLE) {
        prose.append(text.strip()).append('\n');
      }
    }
  }

  /** {@code X86-64} and {@code ARM-64} as architectures are called elsewhere. */
  static String architecture(String cpuType) {
    return switch (cpuType.toLowerCase(Locale.ROOT).replaceAll(" .*", "")) {
      case "x86-64" -> "x86_64";
      case "x86" -> "i386";
      case "arm-64", "arm64" -> "arm64";
      default -> cpuType;
    };
  }
}
