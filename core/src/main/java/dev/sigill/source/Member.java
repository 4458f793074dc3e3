package dev.sigill.source;

import dev.sigill.bytes.Bytes;
import java.io.IOException;

/** A native file in a source. Safe for use by several threads. */
public interface Member {
  /**
   * Its path within the target, with {@code /}; nested containers are joined by {@code !/}, as in
   * {@code lib/x.jar!/linux/libx.so}. For a file that is itself the target, its name; for one that
   * lies outside the target and belongs to it, such as the interpreter of a virtual environment,
   * its absolute path.
   */
  String path();

  /** The full address: the target's path, then {@link #path()}. */
  String address();

  /** Its unpacked size in bytes. */
  long size();

  /**
   * What its place says of its content without reading it: path, size, time of modification and key
   * of the outermost file, then the names, sizes and checksums on the way in. Equal identities mean
   * equal content as long as nobody writes to a file and sets its time back.
   */
  String identity();

  /**
   * Its bytes: mapped where it is a plain file or stored unpacked, else unpacked once to memory
   * outside the heap or to a temporary file, and kept until the source is closed. Different members
   * are unpacked in parallel when several threads ask.
   *
   * <p>A mapped file that another program cuts short while it is read makes the reading thread meet
   * an {@link InternalError}, as the operating system has no bytes to give.
   *
   * @throws UnreadableException where it is damaged, beyond a limit or has changed since it was
   *     listed; asking again gives the same answer
   * @throws IOException where the operating system refuses
   */
  Bytes bytes() throws IOException;

  /**
   * The SHA-256 of its bytes in 64 hexadecimal digits, computed on the first call.
   *
   * @throws IOException as {@link #bytes} does
   */
  String sha256() throws IOException;
}
