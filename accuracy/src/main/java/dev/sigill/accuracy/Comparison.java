package dev.sigill.accuracy;

import dev.sigill.accuracy.Answer.Said;
import dev.sigill.analysis.Certainty;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sets runs beside answers. A run of an import tells of two stages, load and import: what died at
 * load never came to the second. A run of a use tells of the third.
 */
final class Comparison {
  static final List<String> STAGES = List.of("load", "import", "use");

  /**
   * One stage of one run.
   *
   * @param stage load, import or use
   * @param run what happened
   * @param answer what was said of the images in its memory
   * @param judgement how both agree
   * @param finding the finding that decides, or null
   */
  record Judged(String stage, Run run, Answer answer, Judgement judgement, @Nullable Said finding) {
    /** Whether the finding names the very instruction that faulted. */
    boolean isSameInstruction() {
      Fault fault = run.fault();
      return fault != null && finding != null && isAt(finding, fault);
    }
  }

  private final List<Judged> judged = new ArrayList<>();
  private final List<Run> unanswered = new ArrayList<>();

  Comparison(List<Run> runs, List<Answer> answers) {
    Map<String, Answer> byKey = new HashMap<>();
    for (Answer answer : answers) {
      byKey.put(key(answer.name(), answer.version(), answer.scope(), answer.cpu()), answer);
    }
    for (Run run : runs) {
      if (run.cpu().equals(Run.NATIVE)) {
        continue;
      }
      Answer answer = byKey.get(key(run.name(), run.version(), run.action(), run.cpu()));
      if (answer == null) {
        unanswered.add(run);
      } else {
        judge(run, answer);
      }
    }
  }

  private static String key(String name, String version, String scope, String cpu) {
    return String.join("\t", name, version, scope, cpu);
  }

  /** All stages of all runs that have an answer and ended in one of the two ways compared. */
  List<Judged> judged() {
    return List.copyOf(judged);
  }

  /** Runs without native code in memory, or of which nothing was asked yet. */
  List<Run> unanswered() {
    return List.copyOf(unanswered);
  }

  private void judge(Run run, Answer answer) {
    boolean dies = run.outcome() == Outcome.SIGILL;
    if (!dies && run.outcome() != Outcome.OK) {
      return;
    }
    // A program may load a library only when it uses it, and die of that.
    List<String> stages =
        run.action().equals(Run.IMPORT)
            ? List.of("load", "import")
            : List.of(dies ? run.stage() : "use");
    for (String stage : stages) {
      boolean diesNow = dies && run.stage().equals(stage);
      Said finding = deciding(answer, stage, diesNow ? run.fault() : null);
      judged.add(
          new Judged(stage, run, answer, judgement(stage, diesNow, answer, finding), finding));
      if (diesNow) {
        return;
      }
    }
  }

  private static Judgement judgement(
      String stage, boolean dies, Answer answer, @Nullable Said finding) {
    // Of load and import the findings tell; an open question about use makes a verdict "unknown".
    boolean isOpen = stage.equals("use") && !answer.verdict().equals("runs");
    if (finding != null) {
      if (!dies) {
        return Judgement.ACCUSED;
      }
      return finding.stage().equals(stage) ? Judgement.FOUND : Judgement.OTHER_STAGE;
    }
    if (dies) {
      return isOpen ? Judgement.OPEN_DEATH : Judgement.MISSED;
    }
    return isOpen ? Judgement.OPEN : Judgement.QUIET;
  }

  /**
   * The finding that decides a stage: at load and import the first; at use, where many things may
   * be found, the one nearest to the fault. Where it died and nothing is said of that stage, the
   * first of another stage. What stands behind a check that does not imply it is no accusation.
   */
  private static @Nullable Said deciding(Answer answer, String stage, @Nullable Fault fault) {
    List<Said> all = answer.findings().stream().filter(Said::isInstruction).toList();
    List<Said> here =
        all.stream()
            .filter(f -> f.stage().equals(stage))
            .filter(f -> fault != null || !f.certainty().equals(Certainty.WRONGLY_GUARDED.id()))
            .toList();
    if (fault == null) {
      return here.isEmpty() ? null : here.getFirst();
    }
    List<Said> candidates = here.isEmpty() ? all : here;
    if (stage.equals("use")) {
      return candidates.stream()
          .filter(f -> isAt(f, fault))
          .findFirst()
          .or(() -> candidates.stream().filter(f -> f.image().equals(fault.image())).findFirst())
          .orElse(null);
    }
    return candidates.isEmpty() ? null : candidates.getFirst();
  }

  /** Whether a finding names the instruction that faulted. */
  static boolean isAt(Said finding, Fault fault) {
    return finding.image().equals(fault.image()) && finding.address().equals(fault.address());
  }
}
