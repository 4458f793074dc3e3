package dev.sigill.image;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Place;
import dev.sigill.bytes.Problem;
import dev.sigill.image.elf.ElfImage;
import dev.sigill.image.macho.MachOImage;
import dev.sigill.image.pe.PeImage;
import dev.sigill.platform.Architecture;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A native image as its loader sees it: one ELF or PE file, or one architecture's slice of a Mach-O
 * file. Addresses are virtual addresses as linked. Reading never throws for what a file contains:
 * what could not be read is in {@link #problems()}, and the rest is there.
 */
public sealed interface Image permits ElfImage, MachOImage, PeImage {
  /** What an image is made for. */
  enum Kind {
    EXECUTABLE,
    SHARED_LIBRARY,
    /** An object file or archive member, not loadable as it is. */
    OBJECT,
    /** A core dump. */
    CORE,
    /** Debugging information without code. */
    DEBUG,
    OTHER
  }

  /** The file, and the offset of the image in it. */
  Place place();

  /** All bytes of the image; file offsets of sections are relative to them. */
  Bytes bytes();

  Format format();

  Architecture architecture();

  ByteOrder byteOrder();

  Kind kind();

  /** The operating system and least version that the image states. */
  PlatformVersion platform();

  /**
   * The name under which other images ask for it ({@code DT_SONAME}, {@code LC_ID_DYLIB}), or
   * empty.
   */
  String installName();

  List<Section> sections();

  List<Segment> segments();

  /**
   * The parts that the loader makes read-only once it has filled them (ELF's {@code PT_GNU_RELRO},
   * Mach-O's {@code SG_READ_ONLY}); none in formats without such.
   */
  default List<Segment> readOnlyOnceLoaded() {
    return List.of();
  }

  /** Where instructions are, in the order of addresses. */
  List<CodeRange> code();

  /** The offset of an address's byte in {@link #bytes()}, or -1 where the file holds none. */
  long fileOffset(long virtualAddress);

  /** The libraries that the loader must find, in the order in which the file lists them. */
  List<Needed> needed();

  /**
   * Where the loader looks for them first ({@code $ORIGIN/../lib}, {@code @loader_path}), as
   * written.
   */
  List<String> searchPaths();

  /** The symbol versions needed of other libraries (ELF). */
  List<VersionNeed> versionNeeds();

  /** What the loader calls, in the order in which it does. */
  List<Initialiser> initialisers();

  /** What the loader leaves at a pointer-sized place. */
  Slot slot(long virtualAddress);

  FunctionTable functions();

  SymbolTable symbols();

  /** What could not be read, and where. */
  List<Problem> problems();
}
