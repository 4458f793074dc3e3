package dev.sigill.image.macho;

import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Problem;
import dev.sigill.image.Slot;
import dev.sigill.image.macho.LoadCommands.DyldInfo;
import dev.sigill.image.macho.LoadCommands.Part;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The fixups of {@code LC_DYLD_INFO}: streams of opcodes ({@code loader.h}, {@code REBASE_OPCODE_*}
 * and {@code BIND_OPCODE_*}). For one place a weak binding counts before a plain one, that before a
 * lazy one, and any before a rebase, which is what the place holds once all of them are done.
 *
 * <p>The streams are run twice: once to find the places, once to note each one's name.
 */
final class OpcodeFixups implements Fixups {
  private static final int OPCODE_MASK = 0xf0;
  private static final int IMMEDIATE_MASK = 0x0f;
  private static final int TYPE_POINTER = 1;
  private static final int TYPE_TEXT_ABSOLUTE32 = 2;
  private static final int BIND_SYMBOL_FLAGS_WEAK_IMPORT = 1;

  /** In place of a name's number, where there were too many names. */
  private static final int UNNAMED = -1;

  private static final int MOST_NAMES = 4 << 20;

  /** {@code BIND_OPCODE_THREADED}'s table holds at most as many names as an ordinal can number. */
  private static final int MOST_THREADED = 1 << 16;

  private enum Stream {
    BIND("bind"),
    WEAK_BIND("weak_bind"),
    LAZY_BIND("lazy_bind");

    private final String title;

    Stream(String title) {
      this.title = "LC_DYLD_INFO: " + title + " opcode";
    }
  }

  private final MachOLayout layout;
  private final MachOProblems problems;
  private final Limits limits;
  private final ListedImports names = new ListedImports();
  private final ImportTable imports;
  private final FixupMap map;
  private final FixupMap threaded;
  private final int[] boundTo;
  private final int[] threadedNames = new int[MOST_THREADED];
  private int threadedCount;

  /** How many more places the streams may name: a file has no use for more than it holds. */
  private long room;

  private OpcodeFixups(
      MachOLayout layout,
      DyldInfo info,
      ImportTable.Maker importTable,
      Limits limits,
      MachOProblems problems) {
    this.layout = layout;
    this.limits = limits;
    this.problems = problems;
    this.map = new FixupMap(layout);
    this.threaded = new FixupMap(layout);
    refill();
    rebase(info.rebase());
    refill();
    bindAll(info, false);
    map.complete();
    threaded.complete();
    boundTo = new int[map.bindCount()];
    Arrays.fill(boundTo, UNNAMED);
    refill();
    bindAll(info, true);
    imports = importTable.of(names, layout.file.bytes());
  }

  static Fixups read(
      MachOLayout layout,
      DyldInfo info,
      ImportTable.Maker importTable,
      Limits limits,
      MachOProblems problems) {
    return new OpcodeFixups(layout, info, importTable, limits, problems);
  }

  private void refill() {
    long content = Math.min(layout.contentSize(), 2 * layout.file.length());
    room = Math.min(content / 2, 4L * limits.entries()) + 1024;
  }

  private void bindAll(DyldInfo info, boolean isSecondPass) {
    new Binder(Stream.LAZY_BIND, info.lazyBind(), isSecondPass).run();
    new Binder(Stream.BIND, info.bind(), isSecondPass).run();
    new Binder(Stream.WEAK_BIND, info.weakBind(), isSecondPass).run();
  }

  private void rebase(Part part) {
    var stream = new OpcodeStream(layout.file, part);
    int wordSize = layout.file.wordSize();
    int type = TYPE_POINTER;
    var place = new Position();
    while (!stream.isAtEnd()) {
      long at = stream.offset();
      int code = stream.u8();
      int immediate = code & IMMEDIATE_MASK;
      boolean isGood = true;
      switch (code & OPCODE_MASK) {
        case 0x00 -> {
          return;
        }
        case 0x10 -> type = immediate;
        case 0x20 -> place.set(immediate, stream.uleb());
        case 0x30 -> place.distance += stream.uleb();
        case 0x40 -> place.distance += (long) immediate * wordSize;
        case 0x50 -> isGood = rebase(place, type, immediate, 0, at);
        case 0x60 -> isGood = rebase(place, type, stream.uleb(), 0, at);
        case 0x70 -> isGood = rebase(place, type, 1, stream.uleb(), at);
        case 0x80 -> {
          long times = stream.uleb();
          isGood = rebase(place, type, times, stream.uleb(), at);
        }
        default -> {
          problems.partLost(Problem.Code.BAD_VALUE, at, "LC_DYLD_INFO: rebase opcode", code, -1);
          isGood = false;
        }
      }
      if (!stream.isSound()) {
        problems.partLost(
            Problem.Code.TRUNCATED, at, "LC_DYLD_INFO: rebase opcode", code, part.size());
        return;
      }
      if (!isGood) {
        return;
      }
    }
  }

  private boolean rebase(Position place, int type, long times, long skip, long at) {
    for (long i = 0; i < times || times < 0; i++) {
      if (!place.isInside() || room-- <= 0) {
        outside(place, "LC_DYLD_INFO: rebase opcode", at);
        return false;
      }
      if (type == TYPE_POINTER || type == TYPE_TEXT_ABSOLUTE32) {
        map.addRebase(place.segment, place.distance);
      }
      place.distance += layout.file.wordSize() + skip;
    }
    return true;
  }

  private void outside(Position place, String field, long at) {
    if (place.isInside()) {
      problems.partLost(Problem.Code.LIMIT, at, field, -1, -1);
    } else {
      problems.partLost(Problem.Code.OUT_OF_RANGE, at, field, place.distance, -1);
    }
  }

  /** A place in a segment; it may lie outside until it is used. */
  private final class Position {
    int segment = -1;
    long distance;

    void set(int command, long offset) {
      segment = layout.segmentOfCommand(command);
      distance = offset;
    }

    boolean isInside() {
      return segment >= 0
          && distance >= 0
          && distance <= layout.segments.get(segment).filesize() - layout.file.wordSize();
    }
  }

  /** Runs one stream of binding opcodes. */
  private final class Binder {
    private final Stream kind;
    private final Part part;
    private final OpcodeStream stream;
    private final boolean isSecondPass;
    private final Position place = new Position();
    private long nameOffset = -1;
    private int ordinal;
    private int flags;
    private int type = TYPE_POINTER;
    private long addend;
    private int entry = -1;
    private boolean isThreaded;

    Binder(Stream kind, Part part, boolean isSecondPass) {
      this.kind = kind;
      this.part = part;
      this.isSecondPass = isSecondPass;
      this.stream = new OpcodeStream(layout.file, part);
    }

    void run() {
      int wordSize = layout.file.wordSize();
      if (kind == Stream.WEAK_BIND) {
        ordinal = Libraries.WEAK_LOOKUP;
      }
      while (!stream.isAtEnd()) {
        long at = stream.offset();
        int code = stream.u8();
        int immediate = code & IMMEDIATE_MASK;
        boolean isGood = true;
        switch (code & OPCODE_MASK) {
          case 0x00 -> {
            // It ends each entry of the lazy stream, and the others as a whole.
            if (kind != Stream.LAZY_BIND) {
              return;
            }
          }
          case 0x10 -> setOrdinal(immediate);
          case 0x20 -> setOrdinal(Math.clamp(stream.uleb(), -1, Integer.MAX_VALUE));
          case 0x30 -> setOrdinal(immediate == 0 ? 0 : (byte) (OPCODE_MASK | immediate));
          case 0x40 -> {
            flags = immediate;
            nameOffset = stream.skipText();
            entry = -1;
          }
          case 0x50 -> type = immediate;
          case 0x60 -> {
            addend = stream.sleb();
            entry = -1;
          }
          case 0x70 -> place.set(immediate, stream.uleb());
          case 0x80 -> place.distance += stream.uleb();
          case 0x90 -> {
            if (isThreaded) {
              isGood = nameThreaded(at);
            } else {
              isGood = bind(1, 0, at);
            }
          }
          case 0xa0 -> isGood = bind(1, stream.uleb(), at);
          case 0xb0 -> isGood = bind(1, (long) immediate * wordSize, at);
          case 0xc0 -> {
            long times = stream.uleb();
            isGood = bind(times, stream.uleb(), at);
          }
          case 0xd0 -> isGood = threaded(immediate, at);
          default -> {
            problems.partLost(Problem.Code.BAD_VALUE, at, kind.title, code, -1);
            isGood = false;
          }
        }
        if (!stream.isSound()) {
          problems.partLost(Problem.Code.TRUNCATED, at, kind.title, code, part.size());
          return;
        }
        if (!isGood) {
          return;
        }
      }
    }

    private void setOrdinal(int newOrdinal) {
      if (kind != Stream.WEAK_BIND) {
        ordinal = newOrdinal;
        entry = -1;
      }
    }

    private boolean bind(long times, long skip, long at) {
      for (long i = 0; i < times || times < 0; i++) {
        if (!place.isInside() || room-- <= 0 || map.bindCount() >= limits.entries()) {
          outside(place, kind.title, at);
          return false;
        }
        if (type == TYPE_POINTER || type == TYPE_TEXT_ABSOLUTE32) {
          if (nameOffset < 0) {
            problems.partLost(Problem.Code.BAD_VALUE, at, kind.title + ": symbol", -1, -1);
            return false;
          }
          if (isSecondPass) {
            int number = number(at);
            if (number < 0) {
              return false;
            }
            boundTo[map.at(place.segment, place.distance)] = number;
          } else {
            map.addBind(place.segment, place.distance);
          }
        }
        place.distance += layout.file.wordSize() + skip;
      }
      return true;
    }

    /** The number of the name that is set now, or -1 where there is none or there are too many. */
    private int number(long at) {
      if (entry < 0) {
        if (nameOffset < 0 || names.count() >= MOST_NAMES) {
          problems.partLost(
              nameOffset < 0 ? Problem.Code.BAD_VALUE : Problem.Code.LIMIT,
              at,
              kind.title + ": symbol",
              names.count(),
              MOST_NAMES);
          return -1;
        }
        boolean isWeak = (flags & BIND_SYMBOL_FLAGS_WEAK_IMPORT) != 0;
        entry = names.add(nameOffset, ordinal, addend, isWeak);
      }
      return entry;
    }

    /** {@code BIND_OPCODE_DO_BIND} while a table of names is filled. */
    private boolean nameThreaded(long at) {
      if (!isSecondPass) {
        return true;
      }
      int number = number(at);
      if (number < 0 || threadedCount >= MOST_THREADED) {
        return false;
      }
      threadedNames[threadedCount++] = number;
      return true;
    }

    private boolean threaded(int subcode, long at) {
      switch (subcode) {
        case 0 -> {
          stream.uleb();
          isThreaded = true;
          return true;
        }
        case 1 -> {
          return isSecondPass || walkThread(at);
        }
        default -> {
          problems.partLost(Problem.Code.BAD_VALUE, at, kind.title, 0xd0 | subcode, -1);
          return false;
        }
      }
    }

    /** {@code BIND_SUBOPCODE_THREADED_APPLY}: places that name each the distance to the next. */
    private boolean walkThread(long at) {
      while (true) {
        if (!place.isInside()
            || layout.file.wordSize() != 8
            || !FixupMap.isAligned(place.distance)) {
          outside(place, kind.title, at);
          return false;
        }
        if (!threaded.addRebase(place.segment, place.distance)) {
          problems.partLost(Problem.Code.CYCLE, at, kind.title, place.distance, -1);
          return false;
        }
        MachOSegment segment = layout.segments.get(place.segment);
        long value = layout.file.i64(segment.fileoff() + place.distance);
        long next = value >>> 51 & 0x7ff;
        if (next == 0) {
          return true;
        }
        place.distance += next * 8;
      }
    }
  }

  @Override
  public Slot slot(long address) {
    int segment = layout.segmentAt(address);
    if (segment < 0) {
      return Slot.None.INSTANCE;
    }
    MachOSegment holder = layout.segments.get(segment);
    long distance = address - holder.vmaddr();
    int kind = map.at(segment, distance);
    if (kind >= 0) {
      return boundTo[kind] == UNNAMED ? Slot.None.INSTANCE : imports.slot(boundTo[kind]);
    }
    if (kind == FixupMap.REBASE) {
      return new Slot.Local(layout.header.address(layout.file.word(holder.fileoff() + distance)));
    }
    return threaded.rebaseCount() > 0 && threaded.at(segment, distance) == FixupMap.REBASE
        ? threadedSlot(layout.file.i64(holder.fileoff() + distance))
        : Slot.None.INSTANCE;
  }

  private Slot threadedSlot(long value) {
    ChainedPointer format = ChainedPointer.ARM64E;
    if (!format.isBind(value)) {
      return new Slot.Local(format.target(value, layout.base));
    }
    int ordinal = format.ordinal(value);
    return ordinal < threadedCount ? imports.slot(threadedNames[ordinal]) : Slot.None.INSTANCE;
  }

  @Override
  public long rebaseCount() {
    return map.rebaseCount() + threaded.rebaseCount();
  }

  @Override
  public long bindCount() {
    return map.bindCount();
  }

  @Override
  public void forEachImport(Consumer<MachOImport> action) {
    imports.forEach(action);
  }
}
