package dev.sigill.bytes;

/**
 * Bounds on what a stranger's file may cost. One record, passed explicitly.
 *
 * @param containerDepth how deep containers may nest
 * @param members how many members one container may list
 * @param memberBytes how large one unpacked member may be, in bytes
 * @param totalBytes how much may be unpacked for one target altogether, in bytes
 * @param expansion how many times larger than its packed form a member may be (above 1 MiB)
 * @param entries how many entries any one table of an image may have
 */
public record Limits(
    int containerDepth,
    int members,
    long memberBytes,
    long totalBytes,
    int expansion,
    int entries) {
  /** Generous bounds: the largest published packages pass, bombs do not. */
  public static Limits standard() {
    return new Limits(6, 1_000_000, 8L << 30, 64L << 30, 1000, 50_000_000);
  }
}
