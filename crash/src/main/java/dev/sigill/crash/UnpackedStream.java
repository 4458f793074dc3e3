package dev.sigill.crash;

import dev.sigill.bytes.Place;
import dev.sigill.bytes.Problem;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * What a compressed stream holds, up to a limit. It ends where the data is damaged; why is then
 * known.
 */
final class UnpackedStream extends InputStream {
  /** How much is unpacked: enough for the notes of a core file and most memory, in bytes. */
  private static final long MOST = 4L << 30;

  private final InputStream in;
  private final Compression compression;
  private final String name;
  private @Nullable InputStream unpacked;
  private @Nullable Problem problem;
  private long length;

  UnpackedStream(InputStream in, Compression compression, String name) {
    this.in = in;
    this.compression = compression;
    this.name = name;
  }

  /** Why it ended before the data did, or null. */
  @Nullable Problem problem() {
    return problem;
  }

  @Override
  public int read() {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int from, int size) {
    if (problem != null) {
      return -1;
    }
    if (length >= MOST) {
      problem = problem(Problem.Code.LIMIT);
      return -1;
    }
    try {
      if (unpacked == null) {
        unpacked = compression.unpack(in);
      }
      int read = unpacked.read(target, from, size);
      length += Math.max(0, read);
      return read;
    } catch (IOException | RuntimeException e) {
      // Libraries for compressed data throw unchecked exceptions for damaged data, too.
      problem = problem(Problem.Code.TRUNCATED);
      return -1;
    }
  }

  private Problem problem(Problem.Code code) {
    return new Problem(
        code, Place.of(name), "compressed data", length, MOST, Problem.Effect.PART_LOST);
  }
}
