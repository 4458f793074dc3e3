package dev.sigill.verdict;

/** A rule with a stable id; its page is {@code docs/rules/<id>-<slug>.md}. */
public enum Rule {
  SIG101("instruction-beyond-machine", "An instruction that this CPU does not have is reached"),
  SIG102("self-check-refuses", "The program's own CPU check ends it"),
  SIG103("isa-level-note", "The file states a CPU level that the loader does not find"),
  SIG201("wrong-architecture", "Code of another architecture than the process"),
  SIG202("arm64e-abi", "Code for the arm64e ABI"),
  SIG203("wrong-class", "Another ELF class or byte order"),
  SIG204("mixed-architectures", "Images of different architectures in one environment"),
  SIG205("wrong-system", "Code for another operating system"),
  SIG301("os-too-old", "A newer operating system is needed"),
  SIG302("glibc-too-old", "A newer glibc is needed"),
  SIG303("libstdcxx-too-old", "A newer libstdc++ is needed"),
  SIG304("other-libc", "Another C library is needed"),
  SIG305("page-size", "Segments are not aligned to the machine's pages"),
  SIG306("executable-stack", "An executable stack is asked for"),
  SIG307("system-level", "The operating system itself does not start on this CPU"),
  SIG401("missing-library", "A needed library is not there"),
  SIG402("several-openmp", "Several OpenMP runtimes in one environment"),
  SIG501("python-abi", "Built for another Python"),
  SIG701("tag-does-not-fit", "An installer would refuse this package here"),
  SIG702("tag-lies", "The platform tag and the content disagree"),
  SIG703("nothing-for-platform", "The package has no native code for this platform"),
  SIG901("unreadable-image", "A native file could not be read"),
  SIG902("unreadable-container", "A container could not be opened or unpacked"),
  SIG903("limit-reached", "A limit was reached before everything was looked at");

  private final String slug;
  private final String title;

  Rule(String slug, String title) {
    this.slug = slug;
    this.title = title;
  }

  /** The stable id, {@code SIG101}. */
  public String id() {
    return name();
  }

  /** The readable name in file names and addresses. */
  public String slug() {
    return slug;
  }

  /** What it reports, in one line without a full stop. */
  public String title() {
    return title;
  }
}
