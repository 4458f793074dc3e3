package dev.sigill.platform;

/** An operating system, as images name the one they are built for and machines the one they run. */
public enum OperatingSystem {
  LINUX("linux", "Linux"),
  MACOS("macos", "macOS"),
  WINDOWS("windows", "Windows"),
  IOS("ios", "iOS"),
  MAC_CATALYST("maccatalyst", "Mac Catalyst"),
  OTHER_APPLE("apple", "another Apple system"),
  ANDROID("android", "Android"),
  FREEBSD("freebsd", "FreeBSD"),
  NETBSD("netbsd", "NetBSD"),
  OPENBSD("openbsd", "OpenBSD"),
  SOLARIS("solaris", "Solaris"),
  UNKNOWN("unknown", "an unknown system");

  private final String id;
  private final String title;

  OperatingSystem(String id, String title) {
    this.id = id;
    this.title = title;
  }

  /** The lower-case name used in machine names and JSON. */
  public String id() {
    return id;
  }

  /** The name as a sentence writes it. */
  public String title() {
    return title;
  }
}
