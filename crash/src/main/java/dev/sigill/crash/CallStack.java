package dev.sigill.crash;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Place;
import dev.sigill.image.CodeRange;
import dev.sigill.image.Image;
import dev.sigill.image.Images;
import dev.sigill.image.Initialiser;
import dev.sigill.image.Symbol;
import dev.sigill.image.elf.CallFrames;
import dev.sigill.image.elf.ElfImage;
import dev.sigill.image.elf.FrameRegisters;
import dev.sigill.image.name.Demangler;
import dev.sigill.platform.Architecture;
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
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Who called the code that failed: the call frame information of the images leads from each
 * function to its caller. Where an image has none for a place, such as generated code, the frame
 * pointer is tried; where that leads nowhere, what is left of the stack is searched for words that
 * are addresses right after a call instruction.
 *
 * <p>A word that was found so may be a leftover of an earlier call. So a stage is only told where
 * the loader itself is found further up, or where an entry point's name is.
 */
final class CallStack {
  private static final int MOST_FRAMES = 256;
  private static final int MOST_FOUND = 48;
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

  private final StoppedThread thread;
  private final String architecture;
  private final Optional<Architecture> known;
  private final Map<String, Optional<Image>> images = new HashMap<>();
  private final Map<String, Map<Long, Initialiser>> initialisers = new HashMap<>();
  private final Arena arena;

  private CallStack(StoppedThread thread, Arena arena) {
    this.thread = thread;
    this.architecture = thread.architecture();
    this.known =
        thread.registers().length == 0
            ? Optional.empty()
            : Optional.of(Architecture.of(architecture)).filter(FrameRegisters::isKnown);
    this.arena = arena;
  }

  /** Notes the stage and the callers. */
  static void note(StoppedThread thread, Facts.Collected facts) {
    try (Arena arena = Arena.ofConfined()) {
      var reader = new CallStack(thread, arena);
      List<Frame> frames = reader.frames();
      Optional<Frame> own = reader.frame(thread.programCounter());
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
      if (!thread.isSynchronous()) {
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

  /** The callers, innermost first. */
  private List<Frame> frames() {
    var frames = new ArrayList<Frame>();
    long left = thread.stackPointer();
    if (known.isPresent()) {
      FrameRegisters registers =
          FrameRegisters.of(known.get(), thread.registers(), thread.programCounter());
      for (int i = 0; i < MOST_FRAMES; i++) {
        Optional<FrameRegisters> caller = caller(registers);
        if (caller.isEmpty()) {
          return frames;
        }
        boolean isLost = caller.get() == registers;
        boolean isStuck =
            caller.get().stackPointer() == registers.stackPointer()
                && caller.get().programCounter() == registers.programCounter();
        if (isLost || isStuck) {
          break;
        }
        registers = caller.get();
        left = registers.stackPointer();
        frame(registers.place()).ifPresent(frames::add);
      }
    }
    search(left, frames);
    return frames;
  }

  /** The caller; empty where the thread began here; the same registers where it is not known. */
  private Optional<FrameRegisters> caller(FrameRegisters registers) {
    long place = registers.place();
    LoadedLibrary library = library(place);
    Optional<Image> image = library == null ? Optional.empty() : image(library);
    if (library != null
        && image.isPresent()
        && image.get() instanceof ElfImage elf
        && elf.callFrames() != null) {
      long linked = linked(elf, library, place);
      CallFrames.Step step =
          linked < 0
              ? new CallFrames.Step.Unknown()
              : elf.callFrames().caller(registers, place - linked, thread::word);
      switch (step) {
        case CallFrames.Step.Caller(FrameRegisters caller) -> {
          return Optional.of(caller);
        }
        case CallFrames.Step.Outermost() -> {
          return Optional.empty();
        }
        case CallFrames.Step.Unknown() -> {}
      }
    }
    boolean isJump = library == null && registers.programCounter() == thread.programCounter();
    OptionalLong top = thread.word(registers.stackPointer());
    if (isJump && top.isPresent()) {
      FrameRegisters called = registers.calledFrom(top.getAsLong());
      if (isAfterCall(called.programCounter())) {
        return Optional.of(called);
      }
    }
    return Optional.of(
        registers
            .byFramePointer(thread::word)
            .filter(r -> isAfterCall(r.programCounter()))
            .orElse(registers));
  }

  /** Looks through the stack from an address on for what calls left there. */
  private void search(long from, List<Frame> frames) {
    long skipped = from - thread.stackPointer();
    int first = skipped < 0 || skipped > thread.stack().length ? 0 : (int) skipped;
    ByteBuffer words = ByteBuffer.wrap(thread.stack()).order(ByteOrder.LITTLE_ENDIAN);
    int most = frames.size() + MOST_FOUND;
    int end = (int) Math.min(thread.stack().length - 7L, first + 8L * MOST_WORDS);
    for (int at = first; at < end && frames.size() < most; at += 8) {
      long word = words.getLong(at);
      if (isAfterCall(word)) {
        // A call may be a function's last instruction: the call itself belongs to it for sure.
        frame(word - 1).ifPresent(frames::add);
      }
    }
  }

  private @org.jspecify.annotations.Nullable LoadedLibrary library(long address) {
    for (LoadedLibrary library : thread.libraries()) {
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
    Optional<Image> image = image(library);
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

  private boolean isAfterCall(long address) {
    LoadedLibrary library = library(address);
    if (library == null) {
      return false;
    }
    Optional<Image> image = image(library);
    if (image.isEmpty()) {
      return false;
    }
    long linked = linked(image.get(), library, address - 1);
    if (linked < 0) {
      return false;
    }
    long at = image.get().fileOffset(linked) + 1;
    if (at <= 0) {
      return false;
    }
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

  private Optional<Image> image(LoadedLibrary library) {
    return images.computeIfAbsent(library.path(), p -> read(library));
  }

  private Optional<Image> read(LoadedLibrary library) {
    String path = library.path();
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
            .filter(i -> i.architecture().id().equals(architecture) && library.isBuild(i))
            .findFirst();
      }
    } catch (IOException | InvalidPathException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }
}
