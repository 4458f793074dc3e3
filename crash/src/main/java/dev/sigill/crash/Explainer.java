package dev.sigill.crash;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Place;
import dev.sigill.bytes.Problem;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Explains crashes. Reading never throws for what a text or file contains, and needs bounded memory
 * and time whatever its size. Nothing that a report names is executed; files that it names are read
 * where they lie on this computer, unless that is switched off.
 */
public final class Explainer {
  /** How many reports of a folder are read. */
  private static final int MOST_REPORTS = 2000;

  private static final int FOLDER_DEPTH = 3;

  /** How commands begin that would tell the place of a fault. */
  private static final List<String> TOLD_BY_WATCHING =
      List.of("sigill run", "python -X faulthandler", "journalctl");

  private final Signs signs = Signs.standard();
  private final boolean readsFiles;

  /**
   * Makes an explainer.
   *
   * @param readsFiles whether files that reports name are looked at on this computer
   */
  public Explainer(boolean readsFiles) {
    this.readsFiles = readsFiles;
  }

  /** Explains a text. */
  public Explanation explain(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return explain(new ByteArrayInputStream(bytes), "text");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Explains what a stream holds; compressed content is unpacked.
   *
   * @param name what to call it
   * @throws IOException where the stream itself cannot be read
   */
  public Explanation explain(InputStream in, String name) throws IOException {
    var buffered = new BufferedInputStream(in, 1 << 16);
    Compression compression = Compression.of(buffered);
    if (compression == Compression.NONE && !CoreFile.begins(buffered)) {
      return explainText(buffered, name, null);
    }
    // A core file is kept on disk: a stream without an end must not fill it.
    var unpacked = new UnpackedStream(buffered, compression, name);
    Explanation found = explainPlain(new BufferedInputStream(unpacked, 1 << 16), name);
    return unpacked.problem() == null ? found : with(found, unpacked.problem());
  }

  /** Core files are read here and there, and may be large; everything else as it comes. */
  private Explanation explainPlain(BufferedInputStream in, String name) throws IOException {
    if (!CoreFile.begins(in)) {
      return explainText(in, name, null);
    }
    try (Unpacked core = Unpacked.of(in)) {
      return explainFile(core.file(), name);
    }
  }

  /**
   * Explains a file.
   *
   * @throws IOException where it cannot be opened
   */
  public Explanation explain(Path file) throws IOException {
    try (var in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      if (Compression.of(in) != Compression.NONE) {
        return explain(in, file.toString());
      }
    }
    return explainFile(file, file.toString());
  }

  /**
   * Explains a death that was watched.
   *
   * @param text what the program wrote on its error stream as far as that is known, or empty
   */
  public Explanation explain(Fault fault, String text) {
    Facts.Collected facts = fault.facts();
    if (readsFiles) {
      CallStack.note(fault.thread(), facts);
    }
    String written = PlainText.of(text);
    List<Signs.Seen> seen = signs.seen(written.getBytes(StandardCharsets.UTF_8));
    Explanation found =
        conclude(fault.process(), "watched process", facts, written, seen, new ArrayList<>());
    return new Explanation(
        found.source(),
        found.kind(),
        found.signal(),
        found.causes().stream().map(Explainer::withoutWatching).toList(),
        found.facts(),
        found.problems());
  }

  /** The same without the advice to find out what watching it has told. */
  private static Diagnosis withoutWatching(Diagnosis diagnosis) {
    return new Diagnosis(
        diagnosis.cause(),
        diagnosis.likelihood(),
        diagnosis.because(),
        diagnosis.missing(),
        diagnosis.checks().stream()
            .filter(c -> TOLD_BY_WATCHING.stream().noneMatch(c.command()::startsWith))
            .toList(),
        diagnosis.fixes(),
        diagnosis.links());
  }

  private Explanation explainFile(Path file, String name) throws IOException {
    try (FileChannel channel = FileChannel.open(file);
        Arena arena = Arena.ofConfined()) {
      if (Files.isRegularFile(file) && channel.size() > 0) {
        var bytes =
            Bytes.of(
                channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena),
                Place.of(name));
        if (CoreFile.matches(bytes)) {
          var facts = new Facts.Collected();
          var problems = new ArrayList<Problem>();
          Optional<StoppedThread> thread = CoreFile.read(bytes, facts, problems);
          if (readsFiles) {
            thread.ifPresent(t -> CallStack.note(t, facts));
          }
          return conclude(name, "core file", facts, "", new ArrayList<>(), problems);
        }
      }
    }
    try (InputStream in = Files.newInputStream(file)) {
      return explainText(in, name, file);
    }
  }

  /**
   * Explains every crash report in a folder, newest first.
   *
   * @throws IOException where the folder cannot be read
   */
  public List<Explanation> explainFolder(Path folder) throws IOException {
    var explanations = new ArrayList<Explanation>();
    for (Path report : CrashFolders.reportsIn(folder, FOLDER_DEPTH, MOST_REPORTS)) {
      try {
        explanations.add(explain(report));
      } catch (IOException e) {
        explanations.add(unreadable(report));
      }
    }
    return explanations;
  }

  private static Explanation unreadable(Path report) {
    var problem =
        new Problem(
            Problem.Code.UNREADABLE,
            Place.of(report.toString()),
            "file",
            -1,
            -1,
            Problem.Effect.FILE_LOST);
    var ranking = new Ranking();
    Facts none = new Facts.Collected().facts();
    return new Explanation(
        report.toString(), "file", "", ranking.diagnoses(none), none, List.of(problem));
  }

  /** Words in a program's own file tell nothing of how it died. */
  private static Explanation notAReport(String name) {
    var ranking = new Ranking();
    ranking.add(
        Cause.UNKNOWN,
        0.5,
        "it is a program, library or archive, not a report of a crash; `sigill check` tells whether"
            + " it runs here");
    Facts none = new Facts.Collected().facts();
    return new Explanation(name, "program", "", ranking.diagnoses(none), none, List.of());
  }

  private Explanation explainText(InputStream in, String name, @Nullable Path file)
      throws IOException {
    var buffered = new BufferedInputStream(in, 1 << 16);
    if (ProgramFile.begins(buffered)) {
      return notAReport(name);
    }
    TextIntake.Taken taken = TextIntake.take(buffered, signs);
    var facts = new Facts.Collected();
    var problems = new ArrayList<Problem>();
    String kind = "text";
    String prose = null;
    byte[] bytes = taken.bytes();
    String text = new String(bytes, StandardCharsets.UTF_8);
    for (ReportFormat format : ReportFormat.ALL) {
      if (format.matches(text)) {
        prose = format.read(text, facts, problems, file == null ? name : file.toString());
        kind = format.title();
        break;
      }
    }
    if (prose != null) {
      bytes = prose.getBytes(StandardCharsets.UTF_8);
    }
    List<Signs.Seen> seen = signs.seen(bytes);
    return conclude(name, kind, facts, prose == null ? text : prose, seen, problems);
  }

  private Explanation conclude(
      String name,
      String kind,
      Facts.Collected facts,
      String text,
      List<Signs.Seen> seen,
      List<Problem> problems) {
    var ranking = new Ranking();
    // What a more telling sign says of a fact stands before what a mere word says.
    Stream<Signs.Seen> tellingFirst =
        seen.stream().sorted((a, b) -> Double.compare(strength(b), strength(a)));
    tellingFirst.forEach(
        s ->
            s.facts()
                .forEach(
                    (fact, value) -> {
                      if (fact != Fact.FEATURES) {
                        facts.note(fact, value);
                      }
                    }));
    seen.forEach(ranking::add);
    TextFacts.note(text, seen, facts);
    FaultingCode.settle(facts, readsFiles, problems);
    Reasoning.weigh(facts, ranking);
    Facts known = facts.facts();
    return new Explanation(
        name, kind, known.get(Fact.SIGNAL), ranking.diagnoses(known), known, problems);
  }

  private static double strength(Signs.Seen seen) {
    return seen.sign().weights().values().stream().mapToDouble(w -> w).max().orElse(0);
  }

  private static Explanation with(Explanation explanation, Problem problem) {
    var problems = new ArrayList<>(explanation.problems());
    problems.add(problem);
    return new Explanation(
        explanation.source(),
        explanation.kind(),
        explanation.signal(),
        explanation.causes(),
        explanation.facts(),
        problems);
  }
}
