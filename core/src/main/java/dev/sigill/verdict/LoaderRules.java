package dev.sigill.verdict;

import dev.sigill.analysis.Certainty;
import dev.sigill.analysis.Requirements;
import dev.sigill.analysis.Stage;
import dev.sigill.image.Format;
import dev.sigill.image.Image;
import dev.sigill.isa.FeatureSet;
import dev.sigill.machine.Machine;
import dev.sigill.machine.SystemProfile;
import dev.sigill.machine.SystemProfile.Libc;
import dev.sigill.platform.Architecture;
import dev.sigill.platform.OperatingSystem;
import dev.sigill.platform.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** SIG103, SIG305 and SIG306: what the program loader of Linux itself refuses in an ELF file. */
final class LoaderRules implements RuleCheck {
  /** {@code dl_isa_level_check} came with glibc 2.33. */
  private static final Version CHECKS_ISA_LEVEL = new Version("2.33");

  /** From 2.41 on {@code dlopen} no longer makes stacks executable. */
  private static final Version REFUSES_EXECUTABLE_STACKS = new Version("2.41");

  @Override
  public void check(Case judged, Consumer<Found> found) {
    for (Group group : judged.groups()) {
      isaLevel(judged, group, found);
      pageSize(judged, group, found);
      executableStack(judged, group, found);
    }
  }

  private static void isaLevel(Case judged, Group group, Consumer<Found> found) {
    Machine machine = judged.machine();
    if (machine.architecture() != Architecture.X86_64 || !mayHaveGlibc(machine, CHECKS_ISA_LEVEL)) {
      return;
    }
    int offered = Levels.of(machine.advertised());
    List<Requirements> refused =
        concerned(
            group,
            machine,
            image ->
                image.isaLevelNeeded() > 1
                    && ImagePlatform.of(image).libc() != Libc.MUSL
                    && image.isaLevelNeeded() <= 4
                    && !machine.advertised().containsAll(Levels.features(image.isaLevelNeeded())));
    if (refused.isEmpty()) {
      return;
    }
    Requirements first = refused.getFirst();
    for (Requirements image : refused) {
      if (image.isaLevelNeeded() > first.isaLevelNeeded()) {
        first = image;
      }
    }
    FeatureSet missing = Levels.features(first.isaLevelNeeded()).without(machine.advertised());
    var details = new ArrayList<String>();
    details.add("The loader says: CPU ISA level is lower than required (exit status 127)");
    details.add("The note is its builder's statement; the code itself may need less");
    likewise(refused, first, details);
    found.accept(
        finding(
            Rule.SIG103,
            first,
            missing.ids(),
            "states that it needs x86-64-v"
                + first.isaLevelNeeded()
                + "; glibc finds no "
                + Words.titles(missing),
            "x86-64-v" + first.isaLevelNeeded(),
            offered == 0 ? "less than x86-64-v1" : "x86-64-v" + offered,
            details,
            Remedies.forInstruction(judged, group.distribution(), missing)));
  }

  private static void pageSize(Case judged, Group group, Consumer<Found> found) {
    Machine machine = judged.machine();
    int pageSize = machine.pageSize();
    if (pageSize <= 0) {
      return;
    }
    List<Requirements> refused =
        concerned(
            group, machine, image -> image.loadAlignment() > 0 && image.loadAlignment() < pageSize);
    if (refused.isEmpty()) {
      return;
    }
    Requirements first = refused.getFirst();
    var details = new ArrayList<String>();
    details.add("The loader says: ELF load command alignment not page-aligned");
    likewise(refused, first, details);
    found.accept(
        finding(
            Rule.SIG305,
            first,
            List.of(),
            "is laid out for pages of "
                + kib(first.loadAlignment())
                + "; this machine's have "
                + kib(pageSize),
            kib(first.loadAlignment()) + " pages",
            kib(pageSize) + " pages",
            details,
            List.of(
                new Fix(
                    "a kernel with pages of 4 KiB (Raspberry Pi 5: `kernel=kernel8.img` in"
                        + " config.txt)",
                    List.of("getconf PAGESIZE"),
                    false),
                new Fix(
                    "a build linked for large pages (`-Wl,-z,max-page-size=65536`)",
                    List.of(),
                    false))));
  }

  private static void executableStack(Case judged, Group group, Consumer<Found> found) {
    Machine machine = judged.machine();
    SystemProfile system = machine.system();
    if (system.libc() != Libc.GLIBC
        || system.libcVersion().text().isEmpty()
        || system.libcVersion().isBelow(REFUSES_EXECUTABLE_STACKS)) {
      return;
    }
    List<Requirements> refused =
        concerned(
            group,
            machine,
            image -> image.hasExecutableStack() && image.kind() == Image.Kind.SHARED_LIBRARY);
    if (refused.isEmpty()) {
      return;
    }
    Requirements first = refused.getFirst();
    var details = new ArrayList<String>();
    details.add(
        "The loader says: cannot enable executable stack as shared object requires: Invalid"
            + " argument");
    details.add("A program that is linked with it, rather than loading it later, still starts");
    likewise(refused, first, details);
    found.accept(
        finding(
            Rule.SIG306,
            first,
            List.of(),
            "asks for an executable stack, which glibc "
                + system.libcVersion()
                + " refuses to libraries loaded at run time",
            "executable stack",
            "glibc " + system.libcVersion(),
            details,
            List.of(
                new Fix(
                    "clear the mark, which is most often an oversight of assembly code",
                    List.of("patchelf --clear-execstack " + first.path()),
                    false),
                Remedies.newerVersion(group.distribution()))));
  }

  private static boolean mayHaveGlibc(Machine machine, Version least) {
    SystemProfile system = machine.system();
    if (system.isAny()) {
      return true;
    }
    return system.system() == OperatingSystem.LINUX
        && (system.libc() == Libc.GLIBC || system.libc() == Libc.NONE)
        && (system.libcVersion().text().isEmpty() || !system.libcVersion().isBelow(least));
  }

  private static List<Requirements> concerned(
      Group group, Machine machine, Predicate<Requirements> isConcerned) {
    return group.judged().stream()
        .filter(
            image ->
                image.format() == Format.ELF
                    && image.architecture() == machine.architecture()
                    && ImagePlatform.of(image).system() == OperatingSystem.LINUX
                    && isConcerned.test(image))
        .toList();
  }

  private static void likewise(
      List<Requirements> refused, Requirements first, List<String> details) {
    List<String> others =
        refused.stream()
            .map(Requirements::path)
            .filter(path -> !path.equals(first.path()))
            .toList();
    if (!others.isEmpty()) {
      details.add("Likewise " + Words.some(others, 3));
    }
  }

  private static String kib(long bytes) {
    return bytes % 1024 == 0 ? bytes / 1024 + " KiB" : bytes + " bytes";
  }

  private static Found finding(
      Rule rule,
      Requirements image,
      List<String> missing,
      String summary,
      String needs,
      String offers,
      List<String> details,
      List<Fix> fixes) {
    return Found.beforeCode(
        new Finding(
            rule,
            Verdict.FAILS_TO_LOAD,
            Stage.LOAD,
            Certainty.CERTAIN,
            missing,
            image.path(),
            null,
            summary,
            needs,
            offers,
            details,
            fixes));
  }
}
