package dev.sigill.cli;

import dev.sigill.crash.CrashFolders;
import dev.sigill.crash.Explainer;
import dev.sigill.crash.Explanation;
import dev.sigill.report.ExplainJson;
import dev.sigill.report.ExplainText;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code sigill explain [FILE|-|FOLDER]}. */
final class ExplainCommand implements Command {
  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("explain");
    spec.usageMessage()
        .description(
            "What a crash or an error message means: its causes, what would settle them, and what"
                + " helps. Reads macOS .ips and .crash reports, Linux core files and kernel lines,"
                + " JVM hs_err files, faulthandler dumps, Windows error reports, and any text.")
        .footer(
            "",
            "Examples:",
            "  sigill explain                         the newest crash report of this computer",
            "  sigill explain hs_err_pid4711.log",
            "  sigill explain ~/Library/Logs/DiagnosticReports",
            "  python app.py 2>&1 | sigill explain -",
            "",
            "Exit status: 0 a cause was found; 3 none was; 2 wrong usage or nothing to read.");
    spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("FILE")
            .arity("0..1")
            .type(String.class)
            .description(
                "A report, log or core file, a folder of them, or - for standard input. Default:"
                    + " the newest crash report of this computer.")
            .build());
    spec.addOption(
        OptionSpec.builder("--redact")
            .type(boolean.class)
            .initialValue(false)
            .description("Hide names of users and their folders.")
            .build());
    return spec;
  }

  @Override
  public int run(Session session, ParseResult parsed) throws UsageException, IOException {
    String name = parsed.matchedPositionalValue(0, "");
    boolean isRedacted = parsed.matchedOptionValue("--redact", false);
    var explainer = new Explainer(true);
    boolean isFolder = false;
    List<Explanation> explanations;
    if (name.equals("-")) {
      explanations = List.of(explainer.explain(session.surroundings().in(), "-"));
    } else {
      Path path = name.isEmpty() ? newest(session) : locate(session, name);
      isFolder = Files.isDirectory(path);
      explanations = explain(explainer, path, isFolder);
    }
    if (explanations.isEmpty()) {
      throw new UsageException("there is no crash report in '" + name + "'.");
    }
    if (isRedacted) {
      explanations = explanations.stream().map(session.surroundings()::redacted).toList();
    }
    if (session.isJson()) {
      ExplainJson.write(explanations, isFolder, Version.text(), session.surroundings().out());
    } else {
      session.surroundings().out().print(ExplainText.render(explanations, session.style()));
    }
    return explanations.stream().anyMatch(Explanation::isExplained)
        ? ExitCode.OK
        : ExitCode.INCONCLUSIVE;
  }

  private static List<Explanation> explain(Explainer explainer, Path path, boolean isFolder)
      throws UsageException {
    try {
      return isFolder ? explainer.explainFolder(path) : List.of(explainer.explain(path));
    } catch (AccessDeniedException e) {
      throw new UsageException("'" + path + "' may not be read.", e);
    } catch (IOException e) {
      throw new UsageException("'" + path + "' could not be read: " + e.getMessage(), e);
    }
  }

  private static Path newest(Session session) throws UsageException {
    Optional<Path> newest =
        CrashFolders.newest(session.surroundings().folder(), session.surroundings().environment());
    if (newest.isEmpty()) {
      throw new UsageException(
          "no crash report was found on this computer.\n"
              + "Name a file, or pipe the message in: COMMAND 2>&1 | sigill explain -");
    }
    session.surroundings().err().println("sigill: explaining " + newest.get());
    return newest.get();
  }

  private static Path locate(Session session, String name) throws UsageException {
    String home = session.surroundings().environment().getOrDefault("HOME", "");
    String expanded = name.startsWith("~/") && !home.isEmpty() ? home + name.substring(1) : name;
    Path path;
    try {
      path = session.surroundings().folder().resolve(expanded);
    } catch (InvalidPathException e) {
      throw new UsageException("'" + name + "' is no path: " + e.getReason(), e);
    }
    if (!Files.exists(path)) {
      throw new UsageException(
          "there is no file or folder '"
              + name
              + "'.\nTo explain a text, pipe it in: echo '"
              + name.replace("'", "'\\''")
              + "' | sigill explain -");
    }
    return path;
  }
}
