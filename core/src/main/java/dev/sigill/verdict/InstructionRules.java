package dev.sigill.verdict;

import dev.sigill.analysis.Certainty;
import dev.sigill.analysis.CodePlace;
import dev.sigill.analysis.CpuCheck;
import dev.sigill.analysis.InstructionNeed;
import dev.sigill.analysis.MergedFunction;
import dev.sigill.analysis.Requirements;
import dev.sigill.analysis.SelfCheck;
import dev.sigill.analysis.Stage;
import dev.sigill.image.Needed;
import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.machine.Machine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * SIG101 and SIG102: what the code reaches beyond the machine, and what its own CPU checks refuse.
 * Both are events in the life of a process that loads one image; within a stage their order of
 * execution decides which of them a user meets.
 */
final class InstructionRules implements RuleCheck {
  /** Something that happens in a process that loads one root image. */
  private sealed interface Event {
    Stage stage();

    int order();

    String holder();

    FeatureSet features();
  }

  private record Fault(InstructionNeed need, FeatureSet features, boolean isUncertain)
      implements Event {
    @Override
    public Stage stage() {
      return need.stage();
    }

    @Override
    public int order() {
      return need.order();
    }

    @Override
    public String holder() {
      return need.image();
    }
  }

  private record Refusal(SelfCheck check, FeatureSet features) implements Event {
    @Override
    public Stage stage() {
      return check.stage();
    }

    @Override
    public int order() {
      return check.order();
    }

    @Override
    public String holder() {
      return check.image();
    }
  }

  /**
   * Who decides whether an image is loaded.
   *
   * @param code what kind of code
   * @param detail what is known of it
   */
  private record Decider(String code, String detail) {}

  /** One image and its events, in the order of execution. */
  private record Root(
      Requirements image,
      Group group,
      boolean isEntry,
      boolean isLoneCheck,
      @Nullable Decider decider,
      List<Event> events,
      List<SelfCheck> checks) {
    /** Whether code that is not followed decides whether the image is loaded at all. */
    boolean isChosen() {
      return decider != null;
    }

    /** Whether the first thing that happens is a fault. */
    boolean faultsFirst() {
      return events.getFirst() instanceof Fault;
    }

    /**
     * All that a processor must have for the program to come through what one kind of event asks.
     */
    FeatureSet missing(Class<? extends Event> kind, Stage last) {
      FeatureSet all = FeatureSet.empty();
      for (Event event : events) {
        if (kind.isInstance(event) && event.stage().compareTo(last) <= 0) {
          all = all.with(event.features());
        }
      }
      return all;
    }
  }

  /** Findings of the same kind in the same image are one finding. */
  private record Key(
      boolean isFault, boolean isUncertain, Stage stage, String holder, FeatureSet features) {}

  @Override
  public void check(Case judged, Consumer<Found> found) {
    List<Root> roots = roots(judged);
    var seen = new HashSet<Key>();
    for (int i = 0; i < roots.size(); i++) {
      Root root = roots.get(i);
      @Nullable Event ended = null;
      for (Event event : root.events()) {
        boolean isUncertain = event instanceof Fault fault && fault.isUncertain();
        var key =
            new Key(
                event instanceof Fault,
                isUncertain,
                event.stage(),
                event.holder(),
                event.features());
        if (seen.add(key)) {
          Finding finding =
              switch (event) {
                case Fault fault -> fault(judged, root, fault, ended);
                case Refusal refusal -> refusal(judged, root, refusal, ended);
              };
          found.accept(new Found(finding, ((long) i << 32) + Math.max(0, event.order())));
        }
        if (ended == null && !isUncertain) {
          ended = event;
        }
        if (root.isChosen() && ended != null) {
          break; // Whether it is loaded at all is open; what comes later in it decides nothing.
        }
      }
    }
  }

  /**
   * The images whose loading begins a process's story: those that a host starts or that nobody else
   * in the target loads come first, for what happens in a library happens in their story. Of
   * independent ones, those that fault come before those that refuse politely, and of like ones
   * those that were made to check before the others are loaded.
   */
  private static List<Root> roots(Case judged) {
    Set<String> ownNames = new HashSet<>();
    Map<String, List<String>> neededBy = new HashMap<>();
    for (Requirements image : judged.judged()) {
      ownNames.add(Words.baseName(image.path()));
      for (Needed needed : image.needed()) {
        String name = Words.baseName(needed.name());
        neededBy.computeIfAbsent(name, _ -> new ArrayList<>()).add(image.path());
      }
    }
    Map<String, Decider> deciders = deciders(judged, neededBy);
    var roots = new ArrayList<Root>();
    for (Group group : judged.groups()) {
      for (Requirements image : group.judged()) {
        List<Event> events = events(image, judged.machine());
        if (!events.isEmpty()) {
          boolean isEntry =
              !image.entryPoints().isEmpty()
                  || (!isNeeded(Words.baseName(image.path()), image, neededBy)
                      && !isNeeded(Words.baseName(image.installName()), image, neededBy));
          roots.add(
              new Root(
                  image,
                  group,
                  isEntry,
                  isLoneCheck(image, ownNames),
                  deciders.get(image.path()),
                  events,
                  image.selfChecks()));
        }
      }
    }
    roots.sort(
        Comparator.comparing(Root::isChosen)
            .thenComparing(r -> !r.isEntry())
            .thenComparing(r -> r.events().getFirst().stage())
            .thenComparing(r -> !r.faultsFirst())
            .thenComparing(r -> !r.isLoneCheck()));
    return roots;
  }

  /**
   * The modules that Python code imports under conditions only, the libraries that have a twin
   * which needs less, and the libraries that nothing else loads; each with what is known of who
   * decides.
   */
  private static Map<String, Decider> deciders(Case judged, Map<String, List<String>> neededBy) {
    Map<String, Decider> deciders = new HashMap<>();
    judged
        .imports()
        .chosen()
        .forEach(
            c ->
                deciders.put(
                    c.member(),
                    new Decider(
                        "Python code",
                        c.by()
                            + " imports it under a condition of its own, which is not followed")));
    List<Requirements> content =
        judged.judged().stream()
            .filter(image -> events(image, judged.machine()).isEmpty())
            .toList();
    for (Requirements image : judged.judged()) {
      boolean isLoadedByName =
          image.entryPoints().isEmpty()
              && !neededBy.containsKey(Words.baseName(image.path()))
              && !neededBy.containsKey(Words.baseName(image.installName()));
      @Nullable Requirements twin = isLoadedByName ? Twins.of(image, content) : null;
      if (twin != null) {
        deciders.putIfAbsent(
            image.path(),
            new Decider(
                "other code",
                Words.baseName(twin.path())
                    + " beside it offers the same functions and needs less; which of them is loaded"
                    + " is chosen by code that is not followed"));
      }
    }
    boolean isGrowing = !deciders.isEmpty();
    while (isGrowing) {
      isGrowing = false;
      for (Requirements image : judged.judged()) {
        var needing = new ArrayList<String>();
        for (String name :
            List.of(Words.baseName(image.path()), Words.baseName(image.installName()))) {
          needing.addAll(neededBy.getOrDefault(name, List.of()));
        }
        needing.remove(image.path());
        if (image.entryPoints().isEmpty()
            && !needing.isEmpty()
            && !deciders.containsKey(image.path())
            && deciders.keySet().containsAll(needing)) {
          deciders.put(image.path(), deciders.get(needing.getFirst()));
          isGrowing = true;
        }
      }
    }
    return deciders;
  }

  /**
   * The finding that says what stops a program when an image is loaded, or started as an extension;
   * null where nothing in its code surely does.
   */
  static @Nullable Finding stop(Requirements image, Machine machine, List<Finding> findings) {
    for (Event event : events(image, machine)) {
      boolean isStop =
          switch (event) {
            case Fault fault -> !fault.isUncertain() && verdict(fault.need()) == Verdict.CRASHES;
            case Refusal _ -> true;
          };
      if (isStop && event.stage().compareTo(Stage.IMPORT) <= 0) {
        Rule rule = event instanceof Fault ? Rule.SIG101 : Rule.SIG102;
        for (Finding finding : findings) {
          if (finding.rule() == rule
              && finding.stage() == event.stage()
              && finding.image().equals(event.holder())
              && finding.missing().equals(event.features().ids())) {
            return finding;
          }
        }
      }
    }
    return null;
  }

  /**
   * Whether an image checks the CPU when it is loaded and loads nothing else of the package: a
   * guard that was made to come before the rest.
   */
  private static boolean isLoneCheck(Requirements image, Set<String> ownNames) {
    return image.load().selfChecks().stream()
            .anyMatch(c -> c.image().equals(image.path()) && !c.features().isEmpty())
        && image.needed().stream()
            .map(needed -> Words.baseName(needed.name()))
            .noneMatch(
                name ->
                    ownNames.contains(name)
                        && !name.equals(Words.baseName(image.installName()))
                        && !name.equals(Words.baseName(image.path())));
  }

  private static boolean isNeeded(
      String name, Requirements image, Map<String, List<String>> neededBy) {
    return neededBy.getOrDefault(name, List.of()).stream()
        .anyMatch(path -> !path.equals(image.path()));
  }

  private static List<Event> events(Requirements image, Machine machine) {
    var events = new ArrayList<Event>();
    FeatureSet vouched = machine.executes().without(machine.uncertain());
    for (InstructionNeed need : image.instructions()) {
      if (need.certainty() == Certainty.WRONGLY_GUARDED && !letsPass(need.check(), machine)) {
        continue;
      }
      FeatureSet missing = need.term().missingFrom(machine.executes());
      if (!missing.isEmpty()) {
        events.add(new Fault(need, missing, false));
      } else if (!need.term().isMetBy(vouched)) {
        events.add(new Fault(need, need.term().missingFrom(vouched), true));
      }
    }
    for (SelfCheck check : image.selfChecks()) {
      FeatureSet missing =
          check.features().isEmpty()
              ? neededUnseen(image, check.stage(), machine)
              : check.features().without(machine.advertised());
      if (!missing.isEmpty()) {
        events.add(new Refusal(check, missing));
      }
    }
    events.sort(Comparator.comparing(Event::stage).thenComparingInt(Event::order));
    return events;
  }

  /**
   * What code that runs without a check needs and the machine has, but does not advertise: a check
   * that ends the program, of which no more is known, was written to ask for no less.
   */
  private static FeatureSet neededUnseen(Requirements image, Stage stage, Machine machine) {
    FeatureSet unseen = FeatureSet.empty();
    for (InstructionNeed need : image.instructions()) {
      FeatureSet missing = need.term().missingFrom(machine.advertised());
      if (need.stage().compareTo(stage) <= 0 && machine.executes().containsAll(missing)) {
        unseen = unseen.with(missing);
      }
    }
    return unseen;
  }

  /** Whether a check finds on a machine all that it asks for. */
  static boolean letsPass(CpuCheck check, Machine machine) {
    return machine.advertised().containsAll(check.features())
        && (!check.asksForAvxState() || machine.executes().contains(Feature.AVX))
        && (!check.asksForAvx512State() || machine.executes().contains(Feature.AVX512F));
  }

  private static Finding fault(Case judged, Root root, Fault fault, @Nullable Event ended) {
    InstructionNeed need = fault.need();
    String titles = Words.titles(fault.features());
    var details = new ArrayList<String>();
    String summary;
    Verdict verdict;
    if (fault.isUncertain()) {
      verdict = Verdict.UNKNOWN;
      summary = "needs " + titles + ", which " + judged.executor() + " probably executes";
      details.add("Users report that it does; no document of its maker says so");
    } else {
      verdict = verdict(need);
      summary =
          need.certainty() == Certainty.WRONGLY_GUARDED
              ? "uses "
                  + titles
                  + " behind a check that does not imply it; "
                  + judged.executor()
                  + " does not have it"
              : "needs " + titles + ", which " + judged.executor() + " does not have";
    }
    if (ended instanceof Refusal) {
      details.add("The program's own CPU check ends it before this is reached");
    } else if (ended instanceof Fault first) {
      details.add(
          "This machine stops before that, at the instruction that needs "
              + Words.titles(first.features()));
    } else if (!fault.isUncertain()) {
      order(root, need, details);
    }
    if (need.certainty() == Certainty.WRONGLY_GUARDED) {
      details.add(asked(need.check(), fault.features()));
    }
    if (!need.merged().isNone()) {
      details.add(merged(need.merged(), fault.features()));
    }
    @Nullable Decider decider = root.decider();
    if (decider != null && verdict != Verdict.UNKNOWN) {
      verdict = Verdict.UNKNOWN;
      summary += "; " + decider.code() + " decides whether it is loaded";
      details.add(decider.detail());
    }
    if (!need.image().equals(root.image().path())) {
      details.add("Reached when " + root.image().path() + " is loaded");
    }
    boolean decides = ended == null && !fault.isUncertain() && verdict != Verdict.UNKNOWN;
    FeatureSet all = root.missing(Fault.class, need.stage());
    if (decides) {
      FeatureSet further = all.without(fault.features());
      if (!further.isEmpty()) {
        details.add("Later on it needs " + Words.titles(further) + " besides");
      }
      details.add(Consequences.ofFault(judged));
    }
    var fixes = new ArrayList<Fix>();
    if (decides) {
      fixes.addAll(Remedies.forInstruction(judged, root.group().distribution(), all));
      if (!need.merged().isNone() && need.merged().sign() != MergedFunction.Sign.STRIPPED) {
        fixes.add(Remedies.forMergedFunction());
      }
    }
    return new Finding(
        Rule.SIG101,
        verdict,
        need.stage(),
        need.certainty(),
        fault.features().ids(),
        need.image(),
        new Proof(
            need.function(),
            need.address(),
            need.bytes(),
            need.instruction(),
            need.path(),
            need.check(),
            need.merged()),
        summary,
        String.join(" ", fault.features().ids()),
        Words.instead(fault.features(), judged.machine().executes()),
        details,
        fixes);
  }

  /** How an instruction came into a function that code for any processor calls. */
  private static String merged(MergedFunction merged, FeatureSet features) {
    String titles = Words.titles(features);
    String callers =
        Words.count(merged.callersWithout(), "function", "functions")
            + " without such instructions ("
            + caller(merged.without(), merged.callersWithout())
            + ") and "
            + Words.count(merged.callersWith(), "function", "functions")
            + " with ("
            + caller(merged.with(), merged.callersWith())
            + ")";
    return switch (merged.sign()) {
      case WEAK_SYMBOL ->
          "The function is one of which several objects held a copy, and the linker kept one built"
              + " for "
              + titles
              + ": it is called by "
              + callers;
      case NAME ->
          "The function is most likely an inline one of which the linker kept a copy built for "
              + titles
              + ": it is called by "
              + callers
              + "; only its name says so, its symbol does not";
      case STRIPPED ->
          "It is called by "
              + callers
              + "; whether it is an inline function of which the linker kept a copy built for "
              + titles
              + " cannot be told, because its name is stripped";
      case NONE -> "";
    };
  }

  private static String caller(CodePlace caller, int count) {
    return (count > 1 ? "such as " : "") + caller.function();
  }

  /** What the check before an instruction asks for instead. */
  private static String asked(CpuCheck check, FeatureSet missing) {
    var asked = new StringBuilder();
    // Not "asks for": of a check for one of several features, this is what is enough to pass it.
    asked.append("The check before it is passed with ").append(Words.titles(check.features()));
    if (check.asksForMore()) {
      asked.append(" and more that was not understood");
    }
    boolean isAvx =
        missing.toList().stream()
            .anyMatch(f -> f == Feature.AVX || f.closure().contains(Feature.AVX));
    if (isAvx && !check.asksForAvxState()) {
      asked.append("; it never asks whether the operating system saves AVX registers (XGETBV)");
    }
    return asked.toString();
  }

  private static Verdict verdict(InstructionNeed need) {
    return switch (need.certainty()) {
      case WRONGLY_GUARDED -> Verdict.MAY_CRASH;
      case CERTAIN -> Verdict.CRASHES;
      case REACHABLE -> need.stage() == Stage.USE ? Verdict.MAY_CRASH : Verdict.CRASHES;
    };
  }

  private static void order(Root root, InstructionNeed need, List<String> details) {
    if (need.certainty() == Certainty.WRONGLY_GUARDED) {
      return;
    }
    for (SelfCheck check : root.checks()) {
      if (check.stage().compareTo(need.stage()) > 0
          || (check.stage() == need.stage() && check.order() > need.order())) {
        String own = check.path().isEmpty() ? check.function() : check.path().getFirst();
        details.add(
            "No CPU check comes before it" + (own.isEmpty() ? "" : " (its own is " + own + ")"));
        return;
      }
    }
    details.add("No CPU check comes before it");
  }

  private static Finding refusal(Case judged, Root root, Refusal refusal, @Nullable Event ended) {
    SelfCheck check = refusal.check();
    String titles = Words.titles(refusal.features());
    boolean executes = judged.machine().executes().containsAll(refusal.features());
    var details = new ArrayList<String>();
    if (!check.message().isEmpty()) {
      details.add("It says: " + check.message());
    }
    if (ended instanceof Fault) {
      details.add("An instruction beyond the machine stops the program before this check runs");
    }
    boolean isUnderstood = !check.features().isEmpty();
    if (!isUnderstood) {
      details.add(
          "What the check compares was not followed to its end; the code beside it needs "
              + titles
              + " without asking");
    }
    if (executes) {
      details.add(
          judged.executor()
              + " executes "
              + titles
              + " but does not report it, and the check believes the report");
    }
    @Nullable Decider decider = root.decider();
    if (decider != null) {
      details.add(decider.detail());
    }
    details.add(Consequences.ofRefusal(judged));
    String where = check.path().isEmpty() ? "" : check.path().getFirst();
    if (!where.isEmpty()) {
      details.add("The check runs in " + where);
    }
    return new Finding(
        Rule.SIG102,
        root.isChosen() ? Verdict.UNKNOWN : Verdict.REFUSES,
        check.stage(),
        isUnderstood ? Certainty.CERTAIN : Certainty.REACHABLE,
        refusal.features().ids(),
        check.image(),
        null,
        (isUnderstood
                ? "its own CPU check insists on "
                : "its own CPU check most likely insists on ")
            + titles
            + ", which "
            + judged.executor()
            + " does not report",
        String.join(" ", refusal.features().ids()),
        Words.instead(refusal.features(), judged.machine().advertised()),
        details,
        Remedies.forSelfCheck(judged, root.group().distribution(), refusal.features()));
  }
}
