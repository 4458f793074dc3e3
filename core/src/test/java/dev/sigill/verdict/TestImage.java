package dev.sigill.verdict;

import dev.sigill.analysis.Certainty;
import dev.sigill.analysis.ContainedCode;
import dev.sigill.analysis.CpuCheck;
import dev.sigill.analysis.InstructionNeed;
import dev.sigill.analysis.Protection;
import dev.sigill.analysis.Requirements;
import dev.sigill.analysis.SelfCheck;
import dev.sigill.analysis.Stage;
import dev.sigill.analysis.StageRequirements;
import dev.sigill.bytes.Problem;
import dev.sigill.image.Format;
import dev.sigill.image.Image;
import dev.sigill.image.Needed;
import dev.sigill.image.PlatformVersion;
import dev.sigill.image.VersionNeed;
import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.isa.FeatureTerm;
import dev.sigill.platform.Architecture;
import dev.sigill.platform.OperatingSystem;
import java.util.ArrayList;
import java.util.List;

/** Builds the requirements of one image for a test: a clean library until told otherwise. */
final class TestImage {
  private final String path;
  private final Format format;
  private Architecture architecture;
  private Image.Kind kind = Image.Kind.SHARED_LIBRARY;
  private PlatformVersion platform;
  private String installName = "";
  private String subtype = "";
  private long loadAlignment;
  private boolean hasExecutableStack;
  private int isaLevel;
  private String openMp = "";
  private final List<Needed> needed = new ArrayList<>();
  private final List<VersionNeed> versionNeeds = new ArrayList<>();
  private final List<String> entryPoints = new ArrayList<>();
  private final List<String> offers = new ArrayList<>();
  private final List<InstructionNeed> instructions = new ArrayList<>();
  private final List<SelfCheck> selfChecks = new ArrayList<>();
  private final List<String> gaps = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private boolean isAnalysed = true;
  private boolean isFollowed;
  private ContainedCode contained = ContainedCode.notDecoded(1000);

  private TestImage(String path, Format format, Architecture architecture, OperatingSystem system) {
    this.path = path;
    this.format = format;
    this.architecture = architecture;
    this.platform = new PlatformVersion(system, "", "");
  }

  static TestImage linux(String path) {
    return new TestImage(path, Format.ELF, Architecture.X86_64, OperatingSystem.LINUX)
        .needs("libc.so.6");
  }

  static TestImage macos(String path) {
    return new TestImage(path, Format.MACH_O, Architecture.X86_64, OperatingSystem.MACOS);
  }

  static TestImage windows(String path) {
    return new TestImage(path, Format.PE, Architecture.X86_64, OperatingSystem.WINDOWS);
  }

  TestImage architecture(Architecture value) {
    architecture = value;
    return this;
  }

  TestImage subtype(String value) {
    subtype = value;
    return this;
  }

  TestImage program() {
    return kind(Image.Kind.EXECUTABLE);
  }

  TestImage kind(Image.Kind value) {
    kind = value;
    return this;
  }

  TestImage minimum(String version) {
    platform = new PlatformVersion(platform.system(), version, "");
    return this;
  }

  TestImage system(OperatingSystem system) {
    platform = new PlatformVersion(system, platform.minimum(), "");
    return this;
  }

  TestImage installName(String name) {
    installName = name;
    return this;
  }

  TestImage needs(String library) {
    needed.add(new Needed(library, false, ""));
    return this;
  }

  TestImage mayUse(String library) {
    needed.add(new Needed(library, true, ""));
    return this;
  }

  TestImage without(String library) {
    needed.removeIf(n -> n.name().equals(library));
    return this;
  }

  TestImage version(String library, String version) {
    versionNeeds.add(new VersionNeed(library, version, false));
    return this;
  }

  TestImage weakVersion(String library, String version) {
    versionNeeds.add(new VersionNeed(library, version, true));
    return this;
  }

  TestImage alignment(long bytes) {
    loadAlignment = bytes;
    return this;
  }

  TestImage executableStack() {
    hasExecutableStack = true;
    return this;
  }

  TestImage isaLevel(int level) {
    isaLevel = level;
    return this;
  }

  TestImage openMp(String runtime) {
    openMp = runtime;
    return this;
  }

  TestImage entry(String name) {
    entryPoints.add(name);
    return this;
  }

  TestImage reaches(int order, Feature... features) {
    return reaches(Stage.LOAD, Certainty.REACHABLE, order, path, features);
  }

  TestImage reaches(
      Stage stage, Certainty certainty, int order, String holder, Feature... features) {
    instructions.add(
        new InstructionNeed(
            new FeatureTerm(List.of(FeatureSet.of(features))),
            stage,
            certainty,
            CpuCheck.NONE,
            order,
            holder,
            "f()+0x10",
            0x1000L + order,
            "c5f857c0",
            "vxorps xmm0, xmm0, xmm0",
            List.of(".init_array entry " + order + " of 920", "f()")));
    return this;
  }

  TestImage checks(int order, Feature... features) {
    return checks(Stage.LOAD, order, features);
  }

  TestImage checks(Stage stage, int order, Feature... features) {
    selfChecks.add(
        new SelfCheck(
            FeatureSet.of(features),
            stage,
            order,
            path,
            "guard()",
            "built to use AVX",
            List.of(".init_array entry " + order + " of 920")));
    return this;
  }

  TestImage notAnalysed(String reason) {
    isAnalysed = false;
    gaps.add(reason);
    return this;
  }

  TestImage contains(Feature... features) {
    var terms = new ArrayList<FeatureTerm>();
    for (Feature feature : features) {
      terms.add(new FeatureTerm(List.of(FeatureSet.of(feature))));
    }
    contained = new ContainedCode(true, terms, 1000, 1000);
    return this;
  }

  /** The same, all of it behind one check. */
  TestImage protects(Protection.Kind kind, CpuCheck check, Feature... features) {
    contains(features);
    contained =
        new ContainedCode(
            true,
            contained.terms(),
            contained.codeBytes(),
            contained.decodedBytes(),
            List.of(new Protection(kind, check, contained.terms(), 7, List.of())));
    return this;
  }

  TestImage problem(Problem problem) {
    problems.add(problem);
    return this;
  }

  /** Functions that others may call. */
  TestImage offers(String... names) {
    offers.addAll(List.of(names));
    return this;
  }

  /** Import and use were followed to the end, too. */
  TestImage followed() {
    isFollowed = true;
    return this;
  }

  private StageRequirements later() {
    return isFollowed ? StageRequirements.none() : StageRequirements.notAnalysed("not analysed");
  }

  Requirements build() {
    return new Requirements(
        path,
        format,
        architecture,
        false,
        kind,
        platform,
        installName,
        needed,
        List.of(),
        versionNeeds,
        loadAlignment,
        hasExecutableStack,
        isaLevel,
        subtype,
        entryPoints,
        offers,
        openMp,
        new StageRequirements(isAnalysed, instructions, selfChecks, 10, 100, List.of(), gaps),
        later(),
        later(),
        contained,
        problems);
  }
}
