package dev.sigill.image;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Problem;
import dev.sigill.image.elf.ElfReader;
import dev.sigill.image.macho.MachOReader;
import dev.sigill.image.pe.PeReader;
import java.util.List;

/** Tells native files from others by their content, and reads them. */
public final class Images {
  private Images() {}

  /**
   * What reading a native file gave.
   *
   * @param images one image, or one for each architecture of a universal Mach-O file; empty where
   *     nothing could be read
   * @param problems what could not be read of the file as a whole; each image has its own besides
   */
  public record Read(List<Image> images, List<Problem> problems) {
    public Read {
      images = List.copyOf(images);
      problems = List.copyOf(problems);
    }
  }

  /**
   * Whether a file's first bytes are those of a native image. A Java class file, which shares the
   * universal Mach-O signature, is not one.
   *
   * @param head the first bytes of the file, 64 or more where it has them
   */
  public static boolean isNative(Bytes head) {
    return ElfReader.matches(head) || MachOReader.matches(head) || PeReader.matches(head);
  }

  /** Reads a native file; a file of another kind gives no image and no problem. */
  public static Read read(Bytes bytes, Limits limits) {
    if (ElfReader.matches(bytes)) {
      return ElfReader.read(bytes, limits);
    }
    if (MachOReader.matches(bytes)) {
      return MachOReader.read(bytes, limits);
    }
    if (PeReader.matches(bytes)) {
      return PeReader.read(bytes, limits);
    }
    return new Read(List.of(), List.of());
  }
}
