package dev.sigill.verdict;

import dev.sigill.analysis.ContainedCode;
import dev.sigill.analysis.Processor;
import dev.sigill.analysis.Requirements;
import dev.sigill.analysis.Stage;
import dev.sigill.analysis.StageRequirements;
import dev.sigill.analysis.TargetRequirements;
import dev.sigill.bytes.Problem;
import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.isa.FeatureTerm;
import dev.sigill.machine.Machine;
import dev.sigill.python.PythonImports;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares what a target requires with what a machine has. */
public final class Rules {
  private static final List<RuleCheck> CHECKS =
      List.of(
          new InstallRules(),
          new ArchitectureRules(),
          new SystemRules(),
          new LibcRules(),
          new LoaderRules(),
          new LinkRules(),
          new PythonAbiRules(),
          new TagContentRules(),
          new InstructionRules(),
          new UnreadableRules());

  private Rules() {}

  /**
   * The verdict on one machine, with every finding behind it. For a machine without an operating
   * system, which a processor's name alone is, the target's own is taken; of a target for several
   * systems the images of each are judged.
   */
  public static Result judge(TargetRequirements target, Machine machine) {
    return judge(target, machine, PythonImports.unknown());
  }

  /**
   * The same where more is known of what Python code loads.
   *
   * @param imports how it comes to load the images that {@link #stopping} names
   */
  public static Result judge(TargetRequirements target, Machine machine, PythonImports imports) {
    Case judged = Case.of(target, machine, imports);
    List<Finding> findings = findings(judged);
    var doubts = new LinkedHashSet<String>();
    Verdict verdict;
    @Nullable Stage stage = null;
    int weight =
        findings.isEmpty()
            ? Found.weight(Verdict.RUNS)
            : Found.weight(findings.getFirst().verdict());
    if (weight < Found.weight(Verdict.UNKNOWN)) {
      verdict = findings.getFirst().verdict();
      stage = findings.getFirst().stage();
    } else {
      doubts.addAll(doubts(judged));
      verdict =
          weight == Found.weight(Verdict.UNKNOWN) || !doubts.isEmpty()
              ? Verdict.UNKNOWN
              : Verdict.RUNS;
      stage = verdict == Verdict.UNKNOWN ? openFrom(judged, findings) : null;
    }
    return new Result(
        target.target(),
        target.artifact(),
        machine,
        verdict,
        stage,
        findings,
        target.distributions(),
        PackageAnswers.of(judged, findings),
        Containment.of(judged),
        coverage(judged, List.copyOf(doubts)));
  }

  /** The first stage in which something is not decided. */
  private static @Nullable Stage openFrom(Case judged, List<Finding> findings) {
    @Nullable Stage first = null;
    for (Requirements image : judged.judged()) {
      @Nullable Stage stage = Settlement.openFrom(image, judged.machine());
      if (stage != null && (first == null || stage.compareTo(first) < 0)) {
        first = stage;
      }
    }
    for (Finding finding : findings) {
      if (finding.verdict() == Verdict.UNKNOWN
          && (first == null || finding.stage().compareTo(first) < 0)) {
        first = finding.stage();
      }
    }
    return first;
  }

  /**
   * Paths of the images that stop a program on a machine when they are loaded, or started as
   * extensions: those of which it matters how Python code comes to load them.
   *
   * @param target what the answer is about
   * @param result the answer that {@link #judge} gave for it
   */
  public static Set<String> stopping(TargetRequirements target, Result result) {
    if (result.findings().stream().noneMatch(Stops::isStop)) {
      return Set.of();
    }
    Case judged = Case.of(target, result.machine());
    return Set.copyOf(Stops.of(judged, result.findings()).keySet());
  }

  /** What an analysis has to know of a machine to leave out what does not matter on it. */
  public static Processor processor(Machine machine) {
    return Settlement.processor(machine);
  }

  /**
   * Which of a target's images to decode from end to end because that could turn an answer into
   * {@link Verdict#RUNS}: indices into {@link TargetRequirements#images()}, none where something
   * else decides already.
   *
   * @param target what the answer is about
   * @param result the answer that {@link #judge} gave for it
   */
  public static List<Integer> worthDecoding(TargetRequirements target, Result result) {
    if (result.verdict() != Verdict.UNKNOWN
        || (!result.findings().isEmpty()
            && result.findings().getFirst().verdict() != Verdict.RUNS)) {
      return List.of();
    }
    Set<Requirements> chosen = Collections.newSetFromMap(new IdentityHashMap<>());
    chosen.addAll(Case.of(target, result.machine()).judged());
    var indices = new ArrayList<Integer>();
    for (int i = 0; i < target.images().size(); i++) {
      Requirements image = target.images().get(i);
      if (chosen.contains(image)
          && !image.contained().isDecoded()
          && image.load().isAnalysed()
          && !Settlement.isFullyFollowed(image, result.machine())) {
        indices.add(i);
      }
    }
    return List.copyOf(indices);
  }

  private static List<Finding> findings(Case judged) {
    var found = new ArrayList<Found>();
    for (RuleCheck check : CHECKS) {
      check.check(judged, found::add);
    }
    found.sort(Found.BY_LIFE);
    return found.stream().map(Found::finding).toList();
  }

  /** Why "runs" cannot be said although nothing was found. */
  private static List<String> doubts(Case judged) {
    Map<String, List<String>> gaps = new LinkedHashMap<>();
    var beyond = new LinkedHashSet<String>();
    var unreached = new LinkedHashSet<String>();
    FeatureSet missing = FeatureSet.empty();
    Set<String> told = new HashSet<>();
    judged.imports().chosen().forEach(choice -> told.add(choice.member()));
    for (Requirements image : judged.judged()) {
      if (Settlement.openFrom(image, judged.machine()) == null || told.contains(image.path())) {
        continue;
      }
      FeatureSet unexplained = Settlement.unexplained(image, judged.machine());
      if (!unexplained.isEmpty()) {
        unreached.add(image.path());
        missing = missing.with(unexplained);
      } else if (image.contained().isDecoded() && !image.use().isAnalysed()) {
        beyond.add(image.path());
        for (FeatureTerm term : image.contained().terms()) {
          missing = missing.with(Settlement.missing(term, judged.machine()));
        }
      }
      for (StageRequirements stage : List.of(image.load(), image.importing(), image.use())) {
        for (String gap : stage.gaps()) {
          List<String> images = gaps.computeIfAbsent(gap, _ -> new ArrayList<>());
          if (images.isEmpty() || !images.getLast().equals(image.path())) {
            images.add(image.path());
          }
        }
      }
    }
    var reasons = new ArrayList<String>();
    if (!unreached.isEmpty()) {
      reasons.add(
          Words.some(List.copyOf(unreached), 3)
              + (unreached.size() == 1 ? " holds" : " hold")
              + " code for "
              + Words.some(missing.toList().stream().map(Feature::title).toList(), 4)
              + " of which it is open who calls it, or behind which check");
    }
    if (!beyond.isEmpty()) {
      reasons.add(
          Words.some(List.copyOf(beyond), 3)
              + (beyond.size() == 1 ? " holds" : " hold")
              + " code for "
              + Words.some(missing.toList().stream().map(Feature::title).toList(), 4)
              + ", and not all that can reach it was followed");
    }
    gaps.forEach((gap, images) -> reasons.add(Words.some(images, 3) + ": " + gap));
    if (judged.judged().isEmpty() && !judged.target().images().isEmpty()) {
      reasons.add("no native code for this machine was found to judge");
    }
    return List.copyOf(reasons);
  }

  private static Coverage coverage(Case judged, List<String> notAnalysed) {
    long codeBytes = 0;
    long decodedBytes = 0;
    var unreadable = new ArrayList<Problem>(judged.target().problems());
    List<Requirements> images = judged.judged();
    for (Requirements image : images) {
      ContainedCode contained = image.contained();
      codeBytes += contained.codeBytes();
      decodedBytes +=
          contained.isDecoded()
              ? contained.decodedBytes()
              : Math.min(contained.codeBytes(), image.load().decodedBytes());
      unreadable.addAll(image.problems());
    }
    return new Coverage(
        images.size(), judged.skippedFiles(), codeBytes, decodedBytes, notAnalysed, unreadable);
  }
}
