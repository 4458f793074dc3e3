package dev.sigill.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

/**
 * What a file system says of a file without its content being read. Two equal stamps mean the same
 * content, as they do to {@code git} and {@code make}: whoever writes to a file changes its time of
 * modification, and, where it is set back, the time of its last change of status.
 *
 * @param size bytes
 * @param modified nanoseconds since 1970 of the last write
 * @param changed nanoseconds since 1970 of the last change of status, or 0 where the system has
 *     none
 * @param fileKey the file's own identity (device and inode), or empty where the system has none
 */
record FileStamp(long size, long modified, long changed, String fileKey) {
  /** The coarsest clock of a file system in use (FAT's) counts in steps of two seconds. */
  private static final Duration SETTLED = Duration.ofSeconds(2);

  static FileStamp of(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    Object key = attributes.fileKey();
    return new FileStamp(
        attributes.size(),
        nanos(attributes.lastModifiedTime()),
        key == null ? 0 : changed(file),
        key == null ? "" : key.toString());
  }

  private static long changed(Path file) throws IOException {
    try {
      return nanos((FileTime) Files.getAttribute(file, "unix:ctime"));
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      return 0;
    }
  }

  private static long nanos(FileTime time) {
    Instant instant = time.toInstant();
    return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
  }

  /**
   * Whether the last write lies so far back that another one would show: within one step of the
   * file system's clock it would not.
   */
  boolean isSettledAt(Instant now) {
    long latest = Math.max(modified, changed);
    Instant settled = now.minus(SETTLED);
    return latest < settled.getEpochSecond() * 1_000_000_000L + settled.getNano();
  }

  void addTo(Key.Collector collector) {
    collector.add(size).add(modified).add(changed).add(fileKey);
  }
}
