package dev.sigill.image.macho;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.image.Images;
import java.util.List;

/** Placeholder. */
public final class MachOReader {
  private MachOReader() {}

  public static boolean matches(Bytes head) {
    return false;
  }

  public static Images.Read read(Bytes bytes, Limits limits) {
    return new Images.Read(List.of(), List.of());
  }
}
