package dev.sigill.source;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Place;
import dev.sigill.bytes.Problem;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Memory outside the heap, given back all at once: mapped files, and what had to be unpacked. */
final class Room implements AutoCloseable {
  /** What is larger is unpacked to a temporary file. */
  static final long LARGEST_IN_MEMORY = 64L << 20;

  /** Smaller files are read: the system has fewer mappings to give than there may be files. */
  private static final long LARGEST_NOT_MAPPED = 64L << 10;

  private static final int CHUNK = 1 << 18;

  private final Arena arena = Arena.ofShared();
  private final Budget budget;
  private final long largestInMemory;
  private boolean isClosed;

  Room(Budget budget) {
    this(budget, LARGEST_IN_MEMORY);
  }

  Room(Budget budget, long largestInMemory) {
    this.budget = budget;
    this.largestInMemory = largestInMemory;
  }

  /** Another room that counts against the same budget. */
  Room another() {
    return new Room(budget, largestInMemory);
  }

  Budget budget() {
    return budget;
  }

  /** A whole plain file. */
  MemorySegment map(Path file, Place place, long expectedSize) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (expectedSize >= 0 && size != expectedSize) {
        throw new UnreadableException(
            new Problem(
                Problem.Code.UNREADABLE,
                place,
                "size (changed while it was looked at)",
                size,
                expectedSize,
                Problem.Effect.FILE_LOST));
      }
      if (size > LARGEST_NOT_MAPPED) {
        return channel.map(MapMode.READ_ONLY, 0, size, arena);
      }
      MemorySegment segment = arena.allocate(size);
      ByteBuffer buffer = segment.asByteBuffer();
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, buffer.position()) < 0) {
          return segment.asSlice(0, buffer.position());
        }
      }
      return segment;
    }
  }

  /**
   * Unpacks a stream of bytes.
   *
   * @param source where the bytes come from
   * @param size how many there are to be, or -1 where that is not known
   * @param place what is unpacked, for problems
   */
  Bytes unpack(Unpacking source, long size, Place place) throws IOException {
    if (size > largestInMemory) {
      return Bytes.of(toFile(source, null, size, place), place);
    }
    if (size >= 0) {
      MemorySegment segment = arena.allocate(size);
      ByteBuffer buffer = segment.asByteBuffer();
      while (buffer.hasRemaining()) {
        int count = source.fill(buffer);
        if (count < 0) {
          throw wrongSize(place, buffer.position(), size);
        }
        budget.spend(count, place);
      }
      end(source, size, place);
      return Bytes.of(segment, place);
    }
    ByteBuffer first = ByteBuffer.allocateDirect(CHUNK);
    while (first.hasRemaining() && source.fill(first) >= 0) {}
    budget.spend(first.position(), place);
    if (first.hasRemaining()) {
      MemorySegment segment = arena.allocate(first.position());
      segment.copyFrom(MemorySegment.ofBuffer(first.flip()));
      return Bytes.of(segment, place);
    }
    return Bytes.of(toFile(source, first.flip(), -1, place), place);
  }

  /** The name of a temporary file is gone before anything is written to it where that is known. */
  private MemorySegment toFile(
      Unpacking source, @org.jspecify.annotations.Nullable ByteBuffer first, long size, Place place)
      throws IOException {
    Path file = Files.createTempFile("sigill", ".unpacked");
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE)) {
      long written = first == null ? 0 : write(channel, first);
      ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
      while (true) {
        buffer.clear();
        if (size >= 0) {
          buffer.limit((int) Math.min(CHUNK, size - written));
        }
        if (buffer.remaining() == 0) {
          break;
        }
        int count = source.fill(buffer);
        if (count < 0) {
          break;
        }
        budget.spend(count, place);
        written += write(channel, buffer.flip());
      }
      if (size >= 0 && written != size) {
        throw wrongSize(place, written, size);
      }
      if (size >= 0) {
        end(source, size, place);
      }
      return channel.map(MapMode.READ_ONLY, 0, written, arena);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static int write(FileChannel channel, ByteBuffer buffer) throws IOException {
    int count = buffer.remaining();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    return count;
  }

  /** There must be nothing after the promised size. */
  private static void end(Unpacking source, long size, Place place) throws IOException {
    if (source.fill(ByteBuffer.allocateDirect(1)) > 0) {
      throw wrongSize(place, size + 1, size);
    }
  }

  private static UnreadableException wrongSize(Place place, long actual, long size) {
    return new UnreadableException(
        new Problem(
            Problem.Code.CORRUPT,
            place,
            "uncompressed size",
            actual,
            size,
            Problem.Effect.FILE_LOST));
  }

  @Override
  public synchronized void close() {
    if (!isClosed) {
      isClosed = true;
      arena.close();
    }
  }
}
