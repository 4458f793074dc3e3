package dev.sigill.crash;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Windows Error Reporting and the event log say of a crash (event 1000, "Application Error"):
 * as prose in the language of the system, as numbered parameters, as {@code Report.wer}, as XML.
 * The order of the parameters is the same in all of them.
 */
final class WindowsFacts {
  private static final String FILE = "([\\w .+()@~-]{1,100}\\.(?i:exe|dll|pyd|node|ocx|sys|drv))";
  private static final String CODE = "(?:0x)?([c8e4][0-9a-fA-F]{7})";
  private static final String OFFSET = "(?:0x)?([0-9a-fA-F]{6,16})";

  /** Names of fields in English, on lines of their own or one after another. */
  private static final Pattern FIELD =
      Pattern.compile(
          "(?im)\\b(Fault(?:ing|y)? module (?:name|path)|Exception offset|(?:Fault|Error)"
              + " offset|Exception code|Faulting application name|Application name):?[ \\t]+"
              + "(\\S[^\\n,]{0,200}?)(?=,|\\s{2,}|\\s*$|\\s(?:version|Exception|Fault)\\b)");

  /** Four lines in any language: program, module, code, offset. */
  private static final Pattern LINES =
      Pattern.compile(
          "(?m)^[^\\n]{0,80}?[\\s:：]"
              + FILE
              + "[,，、][^\\n]{0,120}\\n[^\\n]{0,80}?[\\s:：]"
              + FILE
              + "[,，、][^\\n]{0,120}\\n[^\\n]{0,60}?[\\s:：]"
              + CODE
              + "\\s*\\n[^\\n]{0,60}?[\\s:：]"
              + OFFSET
              + "\\s*$");

  /** {@code P1: python.exe … P4: torch_cpu.dll … P7: c000001d, P8: 0001b0a6a3}. */
  private static final Pattern PARAMETERS =
      Pattern.compile(
          "\\bP1: *([^\\n]{1,100})\\n(?:[^\\n]*\\n){2}\\s*P4: *([^\\n]{1,100})\\n(?:[^\\n]*\\n){2}"
              + "\\s*P7: *"
              + CODE
              + "\\s*\\n\\s*P8: *"
              + OFFSET);

  private static final Pattern SIGNATURE =
      Pattern.compile("(?m)^Sig\\[([0-7])\\]\\.Value=([^\\r\\n]{1,200})");

  private static final Pattern DATA =
      Pattern.compile(
          "<Data>"
              + FILE
              + "</Data>(?:\\s*<Data>[^<]{0,60}</Data>){2}\\s*<Data>"
              + FILE
              + "</Data>(?:\\s*<Data>[^<]{0,60}</Data>){2}\\s*<Data>"
              + CODE
              + "</Data>\\s*<Data>"
              + OFFSET);

  private static final Pattern NAMED_DATA =
      Pattern.compile(
          "<Data Name=['\"](AppName|ModuleName|ExceptionCode|FaultingOffset)['\"]>([^<]{1,200})<");

  private WindowsFacts() {}

  static void note(String text, Facts.Collected facts) {
    Matcher fields = FIELD.matcher(text);
    while (fields.find()) {
      String name = fields.group(1).toLowerCase(Locale.ROOT);
      int parameter =
          name.contains("module") ? 3 : name.contains("offset") ? 7 : name.contains("code") ? 6 : 0;
      note(parameter, fields.group(2), facts);
    }
    if (text.contains("P7:")) {
      all(PARAMETERS.matcher(text), facts);
    }
    if (text.contains("<Data")) {
      all(DATA.matcher(text), facts);
      Matcher named = NAMED_DATA.matcher(text);
      while (named.find()) {
        int parameter =
            switch (named.group(1)) {
              case "AppName" -> 0;
              case "ModuleName" -> 3;
              case "ExceptionCode" -> 6;
              default -> 7;
            };
        note(parameter, named.group(2), facts);
      }
    }
    if (text.contains("Sig[")) {
      Matcher signature = SIGNATURE.matcher(text);
      while (signature.find()) {
        note(Integer.parseInt(signature.group(1)), signature.group(2), facts);
      }
    }
    all(LINES.matcher(text), facts);
  }

  private static void all(Matcher found, Facts.Collected facts) {
    if (found.find()) {
      note(0, found.group(1), facts);
      note(3, found.group(2), facts);
      note(6, found.group(3), facts);
      note(7, found.group(4), facts);
    }
  }

  /** One of the parameters of an application error, counted from 0. */
  private static void note(int parameter, String text, Facts.Collected facts) {
    String value = text.strip();
    String digits = value.replaceFirst("^0x", "").toLowerCase(Locale.ROOT);
    boolean isNumber = digits.matches("[0-9a-f]{1,16}");
    switch (parameter) {
      case 0 -> facts.note(Fact.PROCESS, value);
      case 3 -> facts.note(Fact.IMAGE, value);
      case 6 -> {
        if (isNumber) {
          facts.note(Fact.EXCEPTION, "0x" + digits.toUpperCase(Locale.ROOT));
        }
      }
      case 7 -> {
        if (isNumber) {
          facts.noteAddress(Fact.IMAGE_OFFSET, Long.parseUnsignedLong(digits, 16));
        }
      }
      default -> {
        return;
      }
    }
    facts.note(Fact.OS, "Windows");
  }
}
