package dev.sigill.crash;

import dev.sigill.bytes.Problem;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fatal error logs of HotSpot and OpenJ9's kin, {@code hs_err_pid*.log} (Oracle, "Fatal Error Log",
 * Java Platform Troubleshooting Guide).
 */
final class JvmErrorFile implements ReportFormat {
  private static final Pattern EVENT =
      Pattern.compile(
          "#\\s+(SIG[A-Z]+|EXCEPTION_\\w+) \\(0x[0-9a-f]+\\)(?: \\([^)\\n"
              + "]*\\))? at pc=0x([0-9a-f]{1,16})");
  private static final Pattern RUNTIME = Pattern.compile("# Java VM: (.{1,200})");
  private static final Pattern VERSION = Pattern.compile("# JRE version: (.{1,200})");
  private static final Pattern FRAME =
      Pattern.compile("# Problematic frame:\\s*\\n# (\\S)(.{0,300})");
  private static final Pattern CODE =
      Pattern.compile("siginfo: .{0,200}?si_code: (\\d+ \\(\\w+\\)|\\d+)");
  private static final Pattern PLACE =
      Pattern.compile("\\[(\\S{1,200}?)\\+0x([0-9a-f]{1,16})\\]\\s*(.*)");
  private static final Pattern ROW =
      Pattern.compile(
          "(?m)^(?:=>)?\\s*0x([0-9a-f]{8,16}):\\s+((?:[0-9a-f]{2} ?)+(?: +(?:[0-9a-f]{2} ?)+)*)");
  private static final Pattern LIBRARY =
      Pattern.compile(
          "(?m)^([0-9a-f]{8,16})-([0-9a-f]{8,16}) (\\S{4}) ([0-9a-f]{1,16}) \\S+"
              + " \\d+\\s+(/.{1,400})$");
  private static final Pattern MAC_LIBRARY =
      Pattern.compile("(?m)^0x([0-9a-f]{8,16})\\t(/.{1,400})$");
  private static final Pattern CPU = Pattern.compile("(?m)^CPU: ?(.{1,2000})$");
  private static final Pattern OS = Pattern.compile("(?m)^(?:OS|uname|Host): ?(.{1,200})$");

  @Override
  public String title() {
    return "JVM error log";
  }

  @Override
  public boolean matches(String text) {
    int at = text.indexOf("# A fatal error has been detected by the Java Runtime Environment");
    return at >= 0 && text.indexOf("---------------  S U M M A R Y", at) >= 0
        || at >= 0 && text.indexOf("---------------  T H R E A D", at) >= 0;
  }

  @Override
  public String read(String text, Facts.Collected facts, List<Problem> problems, String name) {
    int from = text.indexOf("# A fatal error has been detected");
    int to = text.indexOf("---------------  ", from);
    String summary = text.substring(from, to < 0 ? text.length() : to);
    long address = 0;
    Matcher event = EVENT.matcher(summary);
    if (event.find()) {
      facts.note(
          Fact.SIGNAL,
          event.group(1).equals("EXCEPTION_ILLEGAL_INSTRUCTION") ? "SIGILL" : event.group(1));
      address = Long.parseUnsignedLong(event.group(2), 16);
      facts.noteAddress(Fact.ADDRESS, address);
    }
    first(RUNTIME, summary, Fact.RUNTIME, facts);
    first(VERSION, summary, Fact.RUNTIME, facts);
    first(CODE, text, Fact.SIGNAL_CODE, facts);
    frame(summary, facts);
    String vm = facts.get(Fact.RUNTIME);
    facts.note(Fact.RUNTIME, "JVM");
    facts.note(
        Fact.PROCESS_ARCH, vm.contains("aarch64") ? "arm64" : vm.contains("amd64") ? "x86_64" : "");
    facts.note(
        Fact.OS,
        vm.contains("linux")
            ? "Linux"
            : vm.contains("bsd") ? "macOS" : vm.contains("windows") ? "Windows" : "");
    int system = text.indexOf("---------------  S Y S T E M");
    if (system >= 0) {
      String part = text.substring(system);
      first(CPU, part, Fact.CPU, facts);
      first(OS, part, Fact.OS, facts);
    }
    bytes(text, address, facts);
    libraries(text, address, facts);
    return summary;
  }

  private static void first(Pattern pattern, String text, Fact fact, Facts.Collected facts) {
    Matcher matcher = pattern.matcher(text);
    if (matcher.find()) {
      facts.note(fact, matcher.group(1));
    }
  }

  private static void frame(String summary, Facts.Collected facts) {
    Matcher frame = FRAME.matcher(summary);
    if (!frame.find()) {
      return;
    }
    boolean isNative = frame.group(1).equals("C") || frame.group(1).equals("V");
    facts.note(Fact.FRAME_KIND, isNative ? "native" : "generated");
    Matcher place = PLACE.matcher(frame.group(2));
    if (isNative && place.find()) {
      facts.note(Fact.IMAGE, place.group(1));
      facts.note(Fact.IMAGE_OFFSET, "0x" + place.group(2));
      facts.note(Fact.FUNCTION, place.group(3).replaceAll("\\+0x[0-9a-f]+$", ""));
    } else if (!isNative) {
      facts.note(Fact.FUNCTION, frame.group(2));
    }
  }

  /** The bytes at an address, from rows {@code 0x00007f…: 48 8b …}. */
  private static void bytes(String text, long address, Facts.Collected facts) {
    int from = text.indexOf("Instructions: (pc=");
    if (from < 0) {
      return;
    }
    Matcher row = ROW.matcher(text).region(from, Math.min(text.length(), from + 8000));
    var code = new StringBuilder();
    long expected = address;
    while (row.find() && code.length() < 32) {
      long start = Long.parseUnsignedLong(row.group(1), 16);
      String hex = row.group(2).replaceAll("\\s", "");
      long skip = expected - start;
      if (skip >= 0 && skip < hex.length() / 2) {
        code.append(hex.substring((int) skip * 2));
        expected = start + hex.length() / 2;
      }
    }
    facts.note(Fact.BYTES, code.toString());
  }

  private static void libraries(String text, long address, Facts.Collected facts) {
    int from = text.indexOf("Dynamic libraries:");
    if (from < 0) {
      return;
    }
    String part = text.substring(from);
    Matcher library = LIBRARY.matcher(part);
    while (library.find()) {
      facts.add(
          new LoadedLibrary(
              library.group(5),
              Long.parseUnsignedLong(library.group(1), 16),
              Long.parseUnsignedLong(library.group(2), 16),
              Long.parseUnsignedLong(library.group(4), 16),
              ""));
    }
    Matcher onMac = MAC_LIBRARY.matcher(part);
    while (onMac.find()) {
      long start = Long.parseUnsignedLong(onMac.group(1), 16);
      facts.add(new LoadedLibrary(onMac.group(2), start, start, 0, ""));
    }
    // The frame names a file without its folder; the map has the whole path.
    String file = facts.get(Fact.IMAGE);
    for (LoadedLibrary each : facts.libraries()) {
      if (each.contains(address) || !file.isEmpty() && each.path().endsWith("/" + file)) {
        facts.replace(Fact.IMAGE, each.path());
        return;
      }
    }
  }
}
