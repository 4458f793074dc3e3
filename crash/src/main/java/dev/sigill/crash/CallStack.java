package dev.sigill.crash;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Place;
import dev.sigill.image.CodeRange;
import dev.sigill.image.Image;
import dev.sigill.image.Images;
import dev.sigill.image.Initialiser;
import dev.sigill.image.Symbol;
import dev.sigill.image.name.Demangler;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who called the code that failed, as far as the stack tells without unwinding it: the words on it
 * that are addresses right after a call instruction. From them follows the stage: an initialiser
 * below the loader is {@code load}, a module's entry point is {@code import}.
 *
 * <p>A word may be a leftover of an earlier call. So a stage is only told where the loader itself
 * is found further up, or where an entry point's name is.
 */
final class CallStack {
  private static final int MOST_FRAMES = 48;
  private static final int MOST_WORDS = 1 << 14;
  private static final int SHOWN = 6;

  private static final Pattern LOADER =
      Pattern.compile(".*/(?:ld-linux[\\w-]*\\.so[.\\d]*|ld-[\\d.]+\\.so|ld-musl-\\w+\\.so\\.1)");
  private static final Pattern C_LIBRARY =
      Pattern.compile(
          ".*/(?:lib(?:c|pthread|stdc\\+\\+|gcc_s)[.-].*|libc\\.musl.*|ld-.*|\\[vdso\\])");
  private static final Pattern IMPORT =
      Pattern.compile("PyInitU?_\\w+|PyModule_Exec\\w*|JNI_OnLoad\\w*|napi_register_module_v\\d+");

  /**
   * A call that has not returned.
   *
   * @param image path of the file
   * @param function its name, or where it begins
   * @param start virtual address at which the function begins, or -1
   * @param initialiser which initialiser of its image the function is, or empty
   */
  record Frame(String image, String function, long start, Optional<Initialiser> initialiser) {
    boolean isOfLoader() {
      return LOADER.matcher(image).matches();
    }
  }

  private final List<LoadedLibrary> libraries;
  private final String architecture;
  private final Map<String, Optional<Image>> images = new HashMap<>();
  private final Map<String, Map<Long, Initialiser>> initialisers = new HashMap<>();
  private final Arena arena;

  private CallStack(List<LoadedLibrary> libraries, String architecture, Arena arena) {
    this.libraries = libraries;
    this.architecture = architecture;
    this.arena = arena;
  }

  /** Notes the stage and the callers. */
  static void note(Fault fault, Facts.Collected facts) {
    try (Arena arena = Arena.ofConfined()) {
      var reader = new CallStack(fault.libraries(), fault.architecture(), arena);
      List<Frame> frames = reader.frames(fault);
      Optional<Frame> own = reader.frame(fault.programCounter());
      stage(own, frames, facts);
      var callers = new ArrayList<String>();
      String last = "";
      for (Frame frame : frames) {
        String name = frame.function();
        if (callers.size() < SHOWN && !frame.isOfLoader() && !name.equals(last)) {
          callers.add(name + " (" + fileName(frame.image()) + ")");
          last = name;
        }
      }
      facts.note(Fact.CALLERS, String.join(" ← ", callers));
      if (!fault.isSynchronous()) {
        // The place in the C library where a program ends itself says nothing; its caller does.
        frames.stream()
            .filter(f -> !C_LIBRARY.matcher(f.image()).matches())
            .findFirst()
            .ifPresent(
                f -> {
                  facts.replace(Fact.IMAGE, f.image());
                  facts.replace(Fact.IMAGE_OFFSET, "");
                  facts.replace(Fact.ADDRESS, "");
                  facts.replace(Fact.FUNCTION, f.function());
                });
      }
    }
  }

  private static void stage(Optional<Frame> own, List<Frame> frames, Facts.Collected facts) {
    var all = new ArrayList<Frame>();
    own.ifPresent(all::add);
    all.addAll(frames);
    for (int i = 0; i < all.size(); i++) {
      Frame frame = all.get(i);
      if (IMPORT.matcher(frame.function()).matches()) {
        facts.note(Fact.STAGE, "import: in " + frame.function());
        return;
      }
      if (frame.initialiser().isPresent()
          && all.subList(i + 1, all.size()).stream().anyMatch(Frame::isOfLoader)) {
        Initialiser which = frame.initialiser().get();
        facts.note(
            Fact.STAGE,
            "load: in "
                + which.kind().title()
                + " "
                + which.index()
                + " of "
                + which.count()
                + " of "
                + fileName(frame.image()));
        return;
      }
    }
    if (all.stream().anyMatch(f -> f.function().equals("main"))) {
      facts.note(Fact.STAGE, "use");
    }
  }

  private static String fileName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private List<Frame> frames(Fault fault) {
    var frames = new ArrayList<Frame>();
    byte[] stack = fault.stack();
    ByteBuffer words = ByteBuffer.wrap(stack).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0;
        i < Math.min(stack.length / 8, MOST_WORDS) && frames.size() < MOST_FRAMES;
        i++) {
      long word = words.getLong(i * 8);
      LoadedLibrary library = library(word);
      if (library != null && isAfterCall(word, library)) {
        // A call may be a function's last instruction: the call itself belongs to it for sure.
        frame(word - 1).ifPresent(frames::add);
      }
    }
    return frames;
  }

  private @org.jspecify.annotations.Nullable LoadedLibrary library(long address) {
    for (LoadedLibrary library : libraries) {
      if (library.contains(address)) {
        return library;
      }
    }
    return null;
  }

  private Optional<Frame> frame(long address) {
    LoadedLibrary library = library(address);
    if (library == null) {
      return Optional.empty();
    }
    Optional<Image> image = image(library.path());
    long linked = image.isEmpty() ? -1 : linked(image.get(), library, address);
    if (linked < 0) {
      return Optional.empty();
    }
    Symbol symbol = image.get().symbols().containing(linked);
    var range = image.get().functions().containing(linked);
    long start = symbol != null ? symbol.address() : range.isNone() ? -1 : range.start();
    String name =
        symbol != null
            ? Demangler.demangle(symbol.name())
            : start < 0
                ? "0x" + Long.toHexString(linked)
                : "function at 0x" + Long.toHexString(start);
    Initialiser which = initialisers(library.path(), image.get()).get(start);
    return Optional.of(new Frame(library.path(), name, start, Optional.ofNullable(which)));
  }

  private Map<Long, Initialiser> initialisers(String path, Image image) {
    return initialisers.computeIfAbsent(
        path,
        p -> {
          var byAddress = new HashMap<Long, Initialiser>();
          for (Initialiser each : image.initialisers()) {
            byAddress.putIfAbsent(each.address(), each);
          }
          return byAddress;
        });
  }

  /** The address as linked of code, or -1 where there is none. */
  private static long linked(Image image, LoadedLibrary library, long address) {
    long inFile = address - library.start() + library.fileOffset();
    for (CodeRange range : image.code()) {
      long into = inFile - range.fileOffset();
      if (into >= 0 && into < range.size()) {
        return range.start() + into;
      }
    }
    return -1;
  }

  private boolean isAfterCall(long address, LoadedLibrary library) {
    Optional<Image> image = image(library.path());
    if (image.isEmpty()) {
      return false;
    }
    long linked = linked(image.get(), library, address - 1);
    if (linked < 0) {
      return false;
    }
    long at = image.get().fileOffset(linked) + 1;
    Bytes bytes = image.get().bytes();
    if (architecture.equals("arm64")) {
      if ((address & 3) != 0 || at < 4 || !bytes.has(at - 4, 4)) {
        return false;
      }
      int word = bytes.i32(at - 4, ByteOrder.LITTLE_ENDIAN);
      // BL, BLR and BLRA (Arm ARM, C6.2).
      return word >>> 26 == 0x25 || (word & 0xfefff000) == 0xd63f0000;
    }
    if (at < 7 || !bytes.has(at - 7, 7)) {
      return false;
    }
    // E8 rel32; FF /2 with a register, or memory with no, a short or a long displacement.
    return bytes.u8(at - 5) == 0xe8
        || isIndirect(bytes, at - 2, 0xd0, 0xd7)
        || isIndirect(bytes, at - 2, 0x10, 0x17)
        || isIndirect(bytes, at - 3, 0x50, 0x57)
        || isIndirect(bytes, at - 3, 0x14, 0x14)
        || isIndirect(bytes, at - 4, 0x54, 0x54)
        || isIndirect(bytes, at - 6, 0x90, 0x97)
        || isIndirect(bytes, at - 6, 0x15, 0x15)
        || isIndirect(bytes, at - 7, 0x94, 0x94)
        || isIndirect(bytes, at - 7, 0x14, 0x14);
  }

  private static boolean isIndirect(Bytes bytes, long at, int least, int most) {
    int modrm = bytes.u8(at + 1);
    return bytes.u8(at) == 0xff && modrm >= least && modrm <= most;
  }

  private Optional<Image> image(String path) {
    return images.computeIfAbsent(path, this::read);
  }

  private Optional<Image> read(String path) {
    try {
      Path file = Path.of(path);
      if (!Files.isRegularFile(file)) {
        return Optional.empty();
      }
      try (FileChannel channel = FileChannel.open(file)) {
        if (channel.size() == 0) {
          return Optional.empty();
        }
        var mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        return Images.read(Bytes.of(mapped, Place.of(path)), Limits.standard()).images().stream()
            .filter(i -> i.architecture().id().equals(architecture))
            .findFirst();
      }
    } catch (IOException | InvalidPathException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }
}
