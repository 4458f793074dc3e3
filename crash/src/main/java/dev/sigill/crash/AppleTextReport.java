package dev.sigill.crash;

import dev.sigill.bytes.Problem;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Crash reports of macOS as text: {@code .crash} files, and what Console shows of newer ones
 * (Apple, "Examining the fields in a crash report").
 */
final class AppleTextReport implements ReportFormat {
  private static final Pattern FIELD =
      Pattern.compile(
          "(?m)^(Process|Code Type|OS Version|Hardware Model|Exception Type|Exception"
              + " Codes|Termination Reason|Termination Signal|Crashed Thread|Triggered by"
              + " Thread):\\s+(.{1,300})$");

  /** {@code 0 libfoo.dylib 0x000000010c3a5b1e function + 350}. */
  private static final Pattern FRAME =
      Pattern.compile(
          "(?m)^\\d+\\s+(\\S.{0,80}?)\\s+0x([0-9a-fA-F]{1,16})\\s+(?:0x[0-9a-fA-F]+ \\+"
              + " \\d+|(.{1,300}?)(?: \\+ \\d+)?(?: \\(.{0,100}\\))?)$");

  /** {@code 0x10c3a4000 - 0x10c3fffff +libfoo.dylib (1.0) <uuid> /path}. */
  private static final Pattern IMAGE =
      Pattern.compile(
          "(?m)^\\s*0x([0-9a-fA-F]{1,16})"
              + " -\\s+0x([0-9a-fA-F]{1,16})\\s+\\+?(\\S.{0,120}?)\\s+(?:(?:\\([^)\\n"
              + "]{0,60}\\)|(?:x86_64|arm64\\w?|i386|\\?\\?\\?)\\w?)\\s+)*(?:<[^>\\n"
              + "]{0,60}>)?\\s*(/.{1,400}|\\?\\?\\?)?$");

  /** A row of 16 bytes; what they are as text comes after two blanks. */
  private static final Pattern ROW =
      Pattern.compile("\\s*\\[?[0-9a-f]{2}\\]?(?:[ -]?\\[?[0-9a-f]{2}\\b\\]?){0,15}");

  /** How much of an instruction stream is looked at, in characters. */
  private static final int STREAM = 2000;

  @Override
  public String title() {
    return "macOS crash report";
  }

  @Override
  public boolean matches(String text) {
    String head = text.substring(0, Math.min(text.length(), 8000));
    return head.contains("Exception Type:")
        && (head.contains("Code Type:") || head.contains("OS Version:"));
  }

  @Override
  public String read(String text, Facts.Collected facts, List<Problem> problems, String name) {
    int images = text.indexOf("Binary Images:");
    String head = images < 0 ? text : text.substring(0, images);
    String thread = "";
    Matcher field = FIELD.matcher(head);
    while (field.find()) {
      String value = field.group(2);
      switch (field.group(1)) {
        case "Process" -> facts.note(Fact.PROCESS, value.replaceAll(" \\[\\d+\\]$", ""));
        case "Code Type" -> codeType(value, facts);
        case "OS Version" -> facts.note(Fact.OS, value);
        case "Hardware Model" -> facts.note(Fact.CPU, value);
        case "Exception Type" -> exception(value, facts);
        case "Exception Codes" -> facts.note(Fact.SIGNAL_CODE, value);
        case "Crashed Thread", "Triggered by Thread" -> thread = value.replaceAll("\\D.*", "");
        default -> {}
      }
    }
    facts.note(Fact.OS, "macOS");
    if (images >= 0) {
      Matcher image = IMAGE.matcher(text.substring(images));
      while (image.find()) {
        String path = image.group(4) == null ? image.group(3) : image.group(4);
        facts.add(
            new LoadedLibrary(
                path,
                Long.parseUnsignedLong(image.group(1), 16),
                Long.parseUnsignedLong(image.group(2), 16) + 1,
                0,
                ""));
      }
    }
    frame(head, thread, facts);
    instructions(head, facts);
    return head;
  }

  /** Rows of bytes before and after the fault; the one in brackets is where it struck. */
  private static void instructions(String head, Facts.Collected facts) {
    int from = head.indexOf("instruction stream:");
    if (from < 0) {
      return;
    }
    String rows = head.substring(from, Math.min(head.length(), from + STREAM));
    int mark = rows.indexOf('[');
    if (mark < 0) {
      return;
    }
    var code = new StringBuilder();
    for (String row : rows.substring(mark).split("\n")) {
      Matcher bytes = ROW.matcher(row);
      if (!bytes.lookingAt() || code.length() >= 64) {
        break;
      }
      code.append(bytes.group().replaceAll("[^0-9a-f]", ""));
    }
    facts.note(Fact.BYTES, code.toString());
  }

  private static void codeType(String value, Facts.Collected facts) {
    facts.note(Fact.PROCESS_ARCH, AppleReport.architecture(value));
    boolean isTranslated = value.contains("Translated");
    facts.note(Fact.TRANSLATED, String.valueOf(isTranslated));
    if (isTranslated) {
      facts.note(Fact.TRANSLATOR, "Rosetta 2");
    }
  }

  private static void exception(String value, Facts.Collected facts) {
    int open = value.indexOf('(');
    facts.note(Fact.EXCEPTION, open < 0 ? value : value.substring(0, open));
    if (open >= 0) {
      facts.note(Fact.SIGNAL, value.substring(open + 1).replaceAll("\\).*", ""));
    }
  }

  private static void frame(String head, String thread, Facts.Collected facts) {
    int from = head.indexOf("\nThread " + thread + " Crashed");
    if (from < 0) {
      from = head.indexOf(" Crashed:");
    }
    if (from < 0) {
      return;
    }
    Matcher frame = FRAME.matcher(head).region(from + 1, head.length());
    if (!frame.find()) {
      return;
    }
    long address = Long.parseUnsignedLong(frame.group(2), 16);
    facts.noteAddress(Fact.ADDRESS, address);
    if (frame.group(3) != null) {
      facts.note(Fact.FUNCTION, frame.group(3));
    }
    for (LoadedLibrary library : facts.libraries()) {
      if (library.contains(address)) {
        facts.note(Fact.IMAGE, library.path());
        facts.noteAddress(Fact.IMAGE_OFFSET, address - library.start());
        return;
      }
    }
    if (!frame.group(1).equals("???")) {
      facts.note(Fact.IMAGE, frame.group(1));
    } else {
      facts.note(Fact.FRAME_KIND, "generated");
    }
  }
}
