package dev.sigill.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.CRC32C;

/**
 * Entries as files, one each, named by their keys: {@code 3f/9c….entry}. An entry is written beside
 * its place under a name of its own and moved there in one step, so that readers in other processes
 * see all of it or none. What cannot be read or written is no error: the entry is not there.
 *
 * <p>Layout of a file, little-endian: {@code SIGSTOR1}; the key, 32 bytes; the length of the
 * content, 8 bytes; its CRC-32C, 4 bytes; the content.
 */
final class EntryFiles {
  private static final byte[] MAGIC = {'S', 'I', 'G', 'S', 'T', 'O', 'R', '1'};
  private static final int HEADER = 8 + 32 + 8 + 4;
  private static final int MOST_CONTENT = 512 << 20;
  private static final String SUFFIX = ".entry";
  private static final String UNFINISHED = ".tmp";
  private static final Duration USED_STEP = Duration.ofHours(12);
  private static final Duration ABANDONED = Duration.ofHours(1);
  private static final Duration SWEEP_STEP = Duration.ofHours(1);

  private final Path folder;
  private final long mostBytes;

  /**
   * @param folder where entries lie; made when the first one is written
   * @param mostBytes how large all entries together may grow before the least used ones go
   */
  EntryFiles(Path folder, long mostBytes) {
    this.folder = folder;
    this.mostBytes = mostBytes;
  }

  /** The content kept under a key; empty where there is none or it is damaged. */
  Optional<byte[]> get(Key key) {
    Path file = file(key);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size < HEADER || size > HEADER + (long) MOST_CONTENT) {
        return damaged(file);
      }
      ByteBuffer all = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
      while (all.hasRemaining() && channel.read(all) >= 0) {}
      all.flip();
      var magic = new byte[MAGIC.length];
      var own = new byte[32];
      if (all.remaining() < HEADER) {
        return damaged(file);
      }
      all.get(magic).get(own);
      long length = all.getLong();
      int checksum = all.getInt();
      if (!java.util.Arrays.equals(magic, MAGIC)
          || !java.util.Arrays.equals(own, key.bytes())
          || length != all.remaining()) {
        return damaged(file);
      }
      var content = new byte[(int) length];
      all.get(content);
      if (checksum(content) != checksum) {
        return damaged(file);
      }
      markUsed(file);
      return Optional.of(content);
    } catch (IOException | SecurityException e) {
      return Optional.empty();
    }
  }

  /** Keeps a content; whether it is kept now. */
  boolean put(Key key, byte[] content) {
    if (content.length > MOST_CONTENT || content.length > mostBytes) {
      return false;
    }
    Path file = file(key);
    Path unfinished = null;
    try {
      makeFolder(file.getParent());
      unfinished =
          file.resolveSibling(
              key.hex().substring(2, 10)
                  + '-'
                  + ProcessHandle.current().pid()
                  + '-'
                  + Long.toHexString(ThreadLocalRandom.current().nextLong())
                  + UNFINISHED);
      ByteBuffer all = ByteBuffer.allocate(HEADER + content.length).order(ByteOrder.LITTLE_ENDIAN);
      all.put(MAGIC).put(key.bytes()).putLong(content.length).putInt(checksum(content));
      all.put(content).flip();
      try (FileChannel channel =
          FileChannel.open(unfinished, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
        while (all.hasRemaining()) {
          channel.write(all);
        }
      }
      move(unfinished, file);
      sweep();
      return true;
    } catch (IOException | SecurityException | UnsupportedOperationException e) {
      delete(unfinished);
      return false;
    }
  }

  /** An entry that cannot be read as one goes, so that a good one takes its place. */
  private static Optional<byte[]> damaged(Path file) {
    delete(file);
    return Optional.empty();
  }

  private Path file(Key key) {
    return folder.resolve(key.hex().substring(0, 2)).resolve(key.hex().substring(2) + SUFFIX);
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      // Readers check length and checksum, so the slow way is safe too.
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Folders of ours are for their owner only, as caches are. */
  private static void makeFolder(Path wanted) throws IOException {
    if (Files.isDirectory(wanted)) {
      return;
    }
    if (wanted.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectories(
          wanted,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectories(wanted);
    }
  }

  /** The time of modification is that of the last use; it is not written at every use. */
  private static void markUsed(Path file) {
    try {
      Instant now = Instant.now();
      if (Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(USED_STEP))) {
        Files.setLastModifiedTime(file, FileTime.from(now));
      }
    } catch (IOException | SecurityException e) {
      // Only the order of eviction suffers.
      return;
    }
  }

  private record Entry(Path file, long size, FileTime used) {}

  /**
   * Now and then: removes what writers left behind, and the least used entries beyond the bound.
   */
  private void sweep() throws IOException {
    Path mark = folder.resolve("swept");
    Instant now = Instant.now();
    if (Files.exists(mark)
        && Files.getLastModifiedTime(mark).toInstant().isAfter(now.minus(SWEEP_STEP))) {
      return;
    }
    Files.write(mark, new byte[0]);
    Files.setLastModifiedTime(mark, FileTime.from(now));
    sweepNow(now);
  }

  void sweepNow(Instant now) throws IOException {
    var entries = new ArrayList<Entry>();
    long total = 0;
    for (Path group : list(folder)) {
      if (!Files.isDirectory(group)) {
        continue;
      }
      for (Path file : list(group)) {
        BasicFileAttributes attributes;
        try {
          attributes = Files.readAttributes(file, BasicFileAttributes.class);
        } catch (IOException e) {
          // Another process was faster.
          continue;
        }
        String name = file.getFileName().toString();
        if (name.endsWith(UNFINISHED)) {
          if (attributes.lastModifiedTime().toInstant().isBefore(now.minus(ABANDONED))) {
            delete(file);
          }
        } else if (name.endsWith(SUFFIX)) {
          entries.add(new Entry(file, attributes.size(), attributes.lastModifiedTime()));
          total += attributes.size();
        }
      }
    }
    if (total <= mostBytes) {
      return;
    }
    entries.sort(Comparator.comparing(Entry::used).thenComparing(Entry::file));
    for (Entry entry : entries) {
      if (total <= mostBytes - mostBytes / 5) {
        break;
      }
      delete(entry.file());
      total -= entry.size();
    }
  }

  private static List<Path> list(Path wanted) throws IOException {
    var files = new ArrayList<Path>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(wanted)) {
      stream.forEach(files::add);
    } catch (java.nio.file.DirectoryIteratorException e) {
      throw e.getCause();
    }
    return files;
  }

  private static void delete(Path file) {
    if (file == null) {
      return;
    }
    try {
      Files.deleteIfExists(file);
    } catch (IOException | SecurityException e) {
      // It stays; it is checked again when it is read.
      return;
    }
  }

  private static int checksum(byte[] content) {
    var crc = new CRC32C();
    crc.update(content);
    return (int) crc.getValue();
  }
}
