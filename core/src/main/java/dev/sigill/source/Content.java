package dev.sigill.source;

import dev.sigill.bytes.Bytes;
import java.io.IOException;
import java.io.InputStream;

/** What a file in a container holds, however it is kept there. */
interface Content {
  /** Unpacked size in bytes, or -1 where only unpacking tells. */
  long size();

  /** See {@link Member#identity()}. */
  String identity();

  /** The first bytes, fewer than asked for only where the file ends. */
  Bytes head(int size) throws IOException;

  /** All bytes, in memory that lives as long as {@code room}. Not remembered. */
  Bytes bytes(Room room) throws IOException;

  /** Refuses what is beyond a limit by what is known without unpacking. */
  default void check() throws UnreadableException {}

  /** All bytes in order. */
  InputStream stream() throws IOException;

  /**
   * A content that can be asked at any time: this one, or where it can be read only in passing, its
   * bytes unpacked now.
   */
  Content keep(Room room) throws IOException;
}
