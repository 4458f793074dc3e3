package dev.sigill.source;

import dev.sigill.bytes.Bytes;
import java.io.IOException;

/** A native file in a source. Safe for use by several threads. */
public interface Member {
  /**
   * Its path within the target, with {@code /}; nested containers are joined by {@code !/}, as in
   * {@code lib/x.jar!/linux/libx.so}. For a file that is itself the target, its name.
   */
  String path();

  /** The full address: the target's path, then {@link #path()}. */
  String address();

  /** Its unpacked size in bytes. */
  long size();

  /**
   * Its bytes: mapped where it is a plain file or stored unpacked, else unpacked once to memory
   * outside the heap or to a temporary file, and kept until the source is closed.
   */
  Bytes bytes() throws IOException;
}
