package dev.sigill.cli;

import dev.sigill.report.Style;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/** The options that every command has, before or after its name. */
final class CommonOptions {
  /** How results are written. */
  enum Format {
    TEXT,
    JSON
  }

  /** When colours are used. */
  enum Color {
    AUTO,
    ALWAYS,
    NEVER
  }

  private final OptionSpec format =
      option("--format", "text|json", Format.class, "How to write results: text or json.")
          .converters(text -> word(Format.class, text))
          .initialValue(Format.TEXT)
          .build();
  private final OptionSpec failOn =
      option(
              "--fail-on",
              "STAGE",
              FailOn.class,
              "Exit with 1 for findings that strike until this stage: load, import, use (default);"
                  + " any for every finding, never for none.")
          .converters(text -> word(FailOn.class, text))
          .initialValue(FailOn.USE)
          .build();
  private final OptionSpec color =
      option("--color", "WHEN", Color.class, "Use colours: auto (default), always, never.")
          .converters(text -> word(Color.class, text))
          .initialValue(Color.AUTO)
          .build();
  private final OptionSpec all = flag("Write long lists in full.", "--all");
  private final OptionSpec quiet = flag("Write results and errors only.", "-q", "--quiet");
  private final OptionSpec verbose = flag("Also tell what is done and why.", "-v", "--verbose");
  private final OptionSpec noCache = flag("Neither read nor keep cached results.", "--no-cache");
  private final OptionSpec offline = flag("Do not use the network.", "--offline");

  /** Adds the options to the root command; its subcommands inherit them. */
  void addTo(CommandSpec root) {
    for (OptionSpec option :
        new OptionSpec[] {format, failOn, color, all, quiet, verbose, noCache, offline}) {
      root.addOption(option);
    }
  }

  Format format() {
    return format.getValue();
  }

  FailOn failOn() {
    return failOn.getValue();
  }

  boolean quiet() {
    return quiet.getValue();
  }

  boolean verbose() {
    return verbose.getValue();
  }

  boolean noCache() {
    return noCache.getValue();
  }

  boolean offline() {
    return offline.getValue();
  }

  /** How text on the output is laid out. */
  Style style(Surroundings surroundings) {
    return style(surroundings, surroundings.terminal().isOut());
  }

  /** How text on the error stream is laid out. */
  Style errorStyle(Surroundings surroundings) {
    return style(surroundings, surroundings.terminal().isErr());
  }

  private Style style(Surroundings surroundings, boolean isTerminal) {
    int columns = surroundings.terminal().columns();
    int width = isTerminal && columns > 0 ? columns : Style.DEFAULT_WIDTH;
    return Style.plain()
        .withWidth(width)
        .withColor(isColored(surroundings, isTerminal))
        .withUnicode(isUnicode(surroundings.environment()))
        .withUnfolded(all.<Boolean>getValue());
  }

  /** The colours of help texts and error messages. */
  Ansi ansi(Surroundings surroundings, boolean isTerminal) {
    return isColored(surroundings, isTerminal) ? Ansi.ON : Ansi.OFF;
  }

  /** Whether to colour; see no-color.org and force-color.org. */
  private boolean isColored(Surroundings surroundings, boolean isTerminal) {
    Map<String, String> environment = surroundings.environment();
    return switch (color.<Color>getValue()) {
      case ALWAYS -> true;
      case NEVER -> false;
      case AUTO -> {
        if (!environment.getOrDefault("NO_COLOR", "").isEmpty()) {
          yield false;
        }
        String forced = environment.getOrDefault("FORCE_COLOR", "");
        if (!forced.isEmpty()) {
          yield !forced.equals("0") && !forced.equals("false");
        }
        yield isTerminal && !environment.getOrDefault("TERM", "").equals("dumb");
      }
    };
  }

  /** Whether the locale's characters go beyond ASCII, as POSIX orders its variables. */
  static boolean isUnicode(Map<String, String> environment) {
    for (String variable : new String[] {"SIGILL_LOCALE", "LC_ALL", "LC_CTYPE", "LANG"}) {
      String locale = environment.getOrDefault(variable, "");
      if (!locale.isEmpty()) {
        String lower = locale.toLowerCase(Locale.ROOT);
        return lower.contains("utf-8") || lower.contains("utf8");
      }
    }
    return environment.containsKey("WT_SESSION")
        || environment.getOrDefault("TERM_PROGRAM", "").equals("Apple_Terminal");
  }

  private static OptionSpec.Builder option(
      String name, String label, Class<?> type, String description) {
    return OptionSpec.builder(name)
        .paramLabel(label)
        .type(type)
        .description(description)
        .scopeType(ScopeType.INHERIT);
  }

  private static OptionSpec flag(String description, String... names) {
    return OptionSpec.builder(names)
        .type(boolean.class)
        .initialValue(false)
        .description(description)
        .scopeType(ScopeType.INHERIT)
        .build();
  }

  private static <E extends Enum<E>> E word(Class<E> type, String text) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(text)) {
        return constant;
      }
    }
    String words =
        String.join(
            ", ",
            java.util.Arrays.stream(type.getEnumConstants())
                .map(c -> c.name().toLowerCase(Locale.ROOT))
                .toList());
    throw new TypeConversionException("'" + text + "' is none of " + words);
  }
}
