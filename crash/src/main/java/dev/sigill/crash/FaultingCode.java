package dev.sigill.crash;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Place;
import dev.sigill.bytes.Problem;
import dev.sigill.image.CodeRange;
import dev.sigill.image.Format;
import dev.sigill.image.Image;
import dev.sigill.image.Images;
import dev.sigill.image.Segment;
import dev.sigill.image.Symbol;
import dev.sigill.image.name.Demangler;
import dev.sigill.isa.FeatureSet;
import dev.sigill.isa.x86.X86Decoder;
import dev.sigill.isa.x86.X86Formatter;
import dev.sigill.isa.x86.X86Terms;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The instruction that faulted: its bytes, from the report or from the file it names where that
 * lies on this computer; what it needs, and the function and package it belongs to.
 */
final class FaultingCode {
  private static final int BYTES = 16;

  private FaultingCode() {}

  static void settle(Facts.Collected facts, boolean readsFiles, List<Problem> problems) {
    if (readsFiles) {
      fromFile(facts, problems);
    }
    String function = facts.get(Fact.FUNCTION);
    if (!function.isEmpty()) {
      // Apple's reports leave out the underscore that Mach-O puts before every name.
      facts.replace(
          Fact.FUNCTION,
          function.startsWith("__Z")
              ? Demangler.demangleMachO(function)
              : Demangler.demangle(function));
    }
    String hex = facts.get(Fact.BYTES);
    if (hex.isEmpty() || !hex.matches("(?:[0-9a-fA-F]{2})+")) {
      return;
    }
    byte[] code = HexFormat.of().parseHex(hex);
    long address = number(facts.get(Fact.ADDRESS));
    switch (facts.get(Fact.PROCESS_ARCH)) {
      case "arm64", "arm64e", "aarch64" -> arm64(code, facts);
      case "x86_64", "" -> x86(code, address, facts);
      default -> {}
    }
  }

  private static void x86(byte[] code, long address, Facts.Collected facts) {
    int size = Math.min(code.length, BYTES);
    var decoder = new X86Decoder();
    int length = decoder.decode(code, 0, size, address);
    if (length <= 0 && size < BYTES && size > 0) {
      // A report may hold fewer bytes than the instruction has: what it needs is told by the first.
      byte[] padded = Arrays.copyOf(code, BYTES);
      if (decoder.decode(padded, 0, BYTES, address) > size) {
        facts.replace(Fact.INSTRUCTION, X86Formatter.format(decoder).split(" ")[0] + " …");
        FeatureSet needed = X86Terms.term(decoder.term()).anyOf().getFirst();
        facts.replace(Fact.FEATURES, String.join(", ", needed.ids()));
        return;
      }
    }
    if (length <= 0) {
      facts.replace(Fact.INSTRUCTION, "(bad)");
      facts.replace(Fact.FEATURES, "");
      return;
    }
    facts.replace(Fact.BYTES, HexFormat.of().formatHex(code, 0, length));
    facts.replace(Fact.INSTRUCTION, X86Formatter.format(decoder));
    FeatureSet needed = X86Terms.term(decoder.term()).anyOf().getFirst();
    facts.replace(Fact.FEATURES, String.join(", ", needed.ids()));
  }

  /** What can be told of an A64 instruction without a decoder (Arm ARM, C4.1 and C6.2). */
  private static void arm64(byte[] code, Facts.Collected facts) {
    if (code.length < 4) {
      return;
    }
    int word =
        code[0] & 0xff | (code[1] & 0xff) << 8 | (code[2] & 0xff) << 16 | (code[3] & 0xff) << 24;
    facts.replace(Fact.BYTES, HexFormat.of().formatHex(code, 0, 4));
    String text = null;
    String feature = "";
    if ((word & 0xffe0001f) == 0xd4200000) {
      text = "brk #0x" + Integer.toHexString(word >>> 5 & 0xffff);
    } else if ((word & 0xffff0000) == 0) {
      text = "udf #0x" + Integer.toHexString(word & 0xffff);
    } else if ((word & 0x3f200c00) == 0x38200000 && (word & 0xf000) == 0xc000) {
      text = "ldapr …";
      feature = "FEAT_LRCPC";
    } else if ((word & 0x3f200c00) == 0x38200000 || (word & 0x3fa07c00) == 0x08a07c00) {
      text = atomic(word) + " …";
      feature = "FEAT_LSE";
    } else if ((word & 0x9f20fc00) == 0x0e009400 || (word & 0xbf00f400) == 0x0f00e000) {
      text = ((word >>> 29 & 1) == 0 ? "sdot" : "udot") + " …";
      feature = "FEAT_DotProd";
    } else if ((word >>> 25 & 0xf) == 2) {
      text = "(an instruction of SVE)";
      feature = "FEAT_SVE";
    } else if ((word & 0x9e000000) == 0x80000000) {
      text = "(an instruction of SME)";
      feature = "FEAT_SME";
    }
    if (text != null) {
      facts.replace(Fact.INSTRUCTION, text);
    }
    facts.replace(Fact.FEATURES, feature);
  }

  /** The mnemonic of an atomic memory operation or compare and swap (Arm ARM, C4.1.94). */
  private static String atomic(int word) {
    boolean isSwap = (word & 0x3fa07c00) == 0x08a07c00;
    boolean isAcquire = (word >>> (isSwap ? 22 : 23) & 1) != 0;
    boolean isRelease = (word >>> (isSwap ? 15 : 22) & 1) != 0;
    String[] operations = {"add", "clr", "eor", "set", "smax", "smin", "umax", "umin"};
    String operation =
        isSwap ? "cas" : (word >>> 15 & 1) != 0 ? "swp" : "ld" + operations[word >>> 12 & 7];
    String[] sizes = {"b", "h", "", ""};
    return operation + (isAcquire ? "a" : "") + (isRelease ? "l" : "") + sizes[word >>> 30 & 3];
  }

  private static void fromFile(Facts.Collected facts, List<Problem> problems) {
    Path path = local(facts.get(Fact.IMAGE));
    if (path == null) {
      return;
    }
    InstalledPackage.of(path)
        .ifPresent(
            owner -> {
              facts.replace(Fact.PACKAGE, owner);
            });
    try (FileChannel channel = FileChannel.open(path);
        Arena arena = Arena.ofConfined()) {
      if (channel.size() == 0) {
        return;
      }
      var bytes =
          Bytes.of(
              channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena),
              Place.of(path.toString()));
      Images.Read read = Images.read(bytes, Limits.standard());
      Optional<Image> image = choose(read.images(), facts.get(Fact.PROCESS_ARCH));
      if (image.isEmpty()) {
        return;
      }
      String name = facts.get(Fact.IMAGE);
      boolean isOther =
          facts.libraries().stream()
              .anyMatch(l -> l.path().equals(name) && !l.isBuild(image.get()));
      if (isOther) {
        problems.add(
            new Problem(
                Problem.Code.BAD_VALUE,
                Place.of(path.toString()),
                "NT_GNU_BUILD_ID, which is not that of the file that crashed; its code was not"
                    + " looked at, and",
                -1,
                -1,
                Problem.Effect.PART_LOST));
        return;
      }
      look(image.get(), facts);
    } catch (IOException | UnsupportedOperationException e) {
      problems.add(
          new Problem(
              Problem.Code.UNREADABLE,
              Place.of(path.toString()),
              "file",
              -1,
              -1,
              Problem.Effect.NOTHING_LOST));
    }
  }

  private static @Nullable Path local(String image) {
    if (!image.startsWith("/") && !image.matches("[A-Za-z]:\\\\.*")) {
      return null;
    }
    try {
      Path path = Path.of(image);
      return Files.isRegularFile(path) ? path : null;
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private static Optional<Image> choose(List<Image> images, String architecture) {
    return images.stream()
        .filter(i -> architecture.isEmpty() || i.architecture().id().equals(architecture))
        .findFirst();
  }

  private static void look(Image image, Facts.Collected facts) {
    String offsetText = facts.get(Fact.IMAGE_OFFSET);
    if (offsetText.isEmpty()) {
      return;
    }
    long address = virtualAddress(image, facts, number(offsetText));
    if (address < 0) {
      return;
    }
    facts.note(Fact.PROCESS_ARCH, image.architecture().id());
    long at = image.fileOffset(address);
    if (at >= 0 && !facts.has(Fact.BYTES)) {
      int size = (int) Math.min(BYTES, image.bytes().length() - at);
      facts.note(Fact.BYTES, HexFormat.of().formatHex(image.bytes().array(at, size)));
    }
    Symbol symbol = image.symbols().containing(address);
    if (symbol != null) {
      String name =
          image.format() == Format.MACH_O
              ? Demangler.demangleMachO(symbol.name())
              : Demangler.demangle(symbol.name());
      facts.replace(Fact.FUNCTION, name + " +0x" + Long.toHexString(address - symbol.address()));
    } else {
      var range = image.functions().containing(address);
      if (!range.isNone()) {
        facts.note(
            Fact.FUNCTION,
            "function at 0x"
                + Long.toHexString(range.start())
                + " +0x"
                + Long.toHexString(address - range.start()));
      }
    }
  }

  /**
   * The address as linked. Maps of Linux give offsets in the file; other reports count from where
   * the image begins in memory.
   */
  private static long virtualAddress(Image image, Facts.Collected facts, long offset) {
    long address = number(facts.get(Fact.ADDRESS));
    for (LoadedLibrary library : facts.libraries()) {
      if (library.contains(address)
          && library.path().equals(facts.get(Fact.IMAGE))
          && facts.get(Fact.OS).startsWith("Linux")) {
        if (library.fileOffset() < 0) {
          return address - library.start();
        }
        long inFile = address - library.start() + library.fileOffset();
        for (CodeRange range : image.code()) {
          long into = inFile - range.fileOffset();
          if (into >= 0 && into < range.size()) {
            return range.start() + into;
          }
        }
        return -1;
      }
    }
    long lowest = Long.MAX_VALUE;
    for (Segment segment : image.segments()) {
      boolean isLoaded = segment.memorySize() > 0 && !segment.name().equals("__PAGEZERO");
      if (isLoaded && (segment.isReadable() || segment.isExecutable())) {
        lowest = Math.min(lowest, segment.virtualAddress());
      }
    }
    return lowest == Long.MAX_VALUE ? -1 : lowest + offset;
  }

  static long number(String hexadecimal) {
    try {
      return Long.parseUnsignedLong(hexadecimal.replaceFirst("^0x", ""), 16);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
