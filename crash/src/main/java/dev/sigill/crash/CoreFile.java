package dev.sigill.crash;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Cursor;
import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Problem;
import dev.sigill.image.elf.ElfImage;
import dev.sigill.image.elf.ElfNote;
import dev.sigill.image.elf.ElfProgramHeader;
import dev.sigill.image.elf.ElfReader;
import dev.sigill.platform.Architecture;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Core files of Linux (core(5); note types and structures from {@code linux/elfcore.h} and {@code
 * linux/elf.h}): the signal, where it struck, what was mapped there.
 */
final class CoreFile {
  private static final int NT_PRSTATUS = 1;
  private static final int NT_PRPSINFO = 3;
  private static final int NT_AUXV = 6;
  private static final int NT_SIGINFO = 0x53494749;
  private static final int NT_FILE = 0x46494c45;

  private static final int AT_PHDR = 3;
  private static final int AT_PHNUM = 5;
  private static final int AT_PAGESZ = 6;
  private static final int AT_HWCAP = 16;
  private static final int AT_HWCAP2 = 26;
  private static final int AT_EXECFN = 31;

  private static final int PT_LOAD = 1;
  private static final int PT_DYNAMIC = 2;
  private static final int PT_NOTE = 4;
  private static final int PT_PHDR = 6;
  private static final int NT_GNU_BUILD_ID = 3;

  /** {@code 7f 45 4c 46} and {@code GNU} with its zero, as little-endian words. */
  private static final int ELF_MAGIC = 0x464c457f;

  private static final int GNU = 0x554e47;
  private static final int DT_DEBUG = 21;

  /** {@code e_type} of a core file. */
  private static final int ET_CORE = 4;

  /** Offset of {@code pr_cursig} and of {@code pr_reg} in a 64-bit {@code elf_prstatus}. */
  private static final int CURRENT_SIGNAL = 12;

  private static final int REGISTERS = 112;

  /** Number of the program counter among the registers. */
  private static final int RIP = 16;

  private static final int PC = 32;

  /** Numbers of the stack pointer among those that DWARF counts. */
  private static final int RSP = 7;

  private static final int SP = 31;

  private static final int X86_64_WORDS = 27;
  private static final int ARM64_WORDS = 34;

  /** How much of the stack is looked at, in bytes. */
  private static final int STACK = 1 << 18;

  private static final int MOST_FILES = 65_536;
  private static final int MOST_PATH = 4096;
  private static final int MOST_LIBRARIES = 2000;
  private static final int BYTES_AT_FAULT = 16;

  private CoreFile() {}

  /** Whether a stream begins as a core file does; nothing is taken from it. */
  static boolean begins(BufferedInputStream in) throws IOException {
    in.mark(64);
    byte[] head = in.readNBytes(20);
    in.reset();
    return matches(Bytes.of(head, ""));
  }

  static boolean matches(Bytes head) {
    if (head.length() < 20 || !ElfReader.matches(head)) {
      return false;
    }
    ByteOrder order = head.u8(5) == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    return head.u16(16, order) == ET_CORE;
  }

  /** Notes what it says; the thread that died, where its registers are known. */
  static Optional<StoppedThread> read(Bytes bytes, Facts.Collected facts, List<Problem> problems) {
    facts.note(Fact.OS, "Linux");
    var read = ElfReader.read(bytes, Limits.standard());
    problems.addAll(read.problems());
    Optional<ElfImage> found =
        read.images().stream()
            .filter(ElfImage.class::isInstance)
            .map(ElfImage.class::cast)
            .findFirst();
    if (found.isEmpty()) {
      return Optional.empty();
    }
    ElfImage core = found.get();
    problems.addAll(core.problems());
    facts.note(Fact.PROCESS_ARCH, core.architecture().id());
    var notes = new CoreFile.Notes(core, facts);
    notes.read();
    return notes.thread();
  }

  /** The notes of one core file. */
  private static final class Notes {
    private final ElfImage core;
    private final Facts.Collected facts;
    private final ByteOrder order;

    /** What the file holds of the memory, by address. */
    private final TreeMap<Long, ElfProgramHeader> segments = new TreeMap<>(Long::compareUnsigned);

    private long programCounter;
    private long faultAddress;
    private boolean hasProgramCounter;
    private long[] registers = new long[0];
    private int code;
    private boolean hasSignalDetails;
    private long programHeaders;
    private long programHeaderCount;
    private long programName;

    Notes(ElfImage core, Facts.Collected facts) {
      this.core = core;
      this.facts = facts;
      this.order = core.byteOrder();
      for (ElfProgramHeader each : core.programHeaders()) {
        boolean isThere = each.fileSize() > 0 && core.bytes().has(each.offset(), each.fileSize());
        if (each.type() == PT_LOAD && isThere) {
          segments.putIfAbsent(each.virtualAddress(), each);
        }
      }
    }

    void read() {
      for (ElfNote note : core.notes()) {
        if (!note.name().equals("CORE")) {
          continue;
        }
        switch (note.type()) {
          case NT_PRSTATUS -> status(note.content());
          case NT_PRPSINFO -> process(note.content());
          case NT_AUXV -> auxiliary(note.content());
          case NT_SIGINFO -> signal(note.content());
          case NT_FILE -> files(note.content());
          default -> {}
        }
      }
      if (facts.libraries().isEmpty() && core.is64Bit()) {
        linkMap();
      }
      if (hasProgramCounter) {
        place();
      }
    }

    /** The first thread's status: the kernel writes the one that died first. */
    private void status(Bytes content) {
      if (hasProgramCounter || !core.is64Bit() || !content.has(0, REGISTERS)) {
        return;
      }
      int signal = content.u16(CURRENT_SIGNAL, order);
      if (signal != 0) {
        facts.note(Fact.SIGNAL, SignalNames.linux(signal));
      }
      int register =
          core.architecture() == Architecture.X86_64
              ? RIP
              : core.architecture() == Architecture.ARM64 ? PC : -1;
      if (register >= 0 && content.has(REGISTERS + register * 8L, 8)) {
        programCounter = content.i64(REGISTERS + register * 8L, order);
        hasProgramCounter = true;
        int words = core.architecture() == Architecture.X86_64 ? X86_64_WORDS : ARM64_WORDS;
        if (content.has(REGISTERS, words * 8L)) {
          registers =
              LinuxRegisters.dwarf(
                  core.architecture().id(), content.slice(REGISTERS, words * 8L).longs(0, words));
        }
      }
    }

    private void process(Bytes content) {
      if (core.is64Bit() && content.has(40, 96)) {
        facts.note(Fact.PROCESS, content.text(40, 16));
      }
    }

    private void auxiliary(Bytes content) {
      int size = core.is64Bit() ? 16 : 8;
      for (long at = 0; content.has(at, size) && at < 16L * 256; at += size) {
        long type = core.is64Bit() ? content.i64(at, order) : content.u32(at, order);
        long value = core.is64Bit() ? content.i64(at + 8, order) : content.u32(at + 4, order);
        if (type == AT_PHDR) {
          programHeaders = value;
        } else if (type == AT_PHNUM) {
          programHeaderCount = value;
        } else if (type == AT_EXECFN) {
          programName = value;
        } else if (type == AT_PAGESZ) {
          facts.note(Fact.PAGE_SIZE, Long.toString(value));
        } else if (type == AT_HWCAP || type == AT_HWCAP2) {
          String name = type == AT_HWCAP ? "AT_HWCAP" : "AT_HWCAP2";
          String known = facts.get(Fact.CPU_FEATURES);
          facts.replace(
              Fact.CPU_FEATURES,
              (known.isEmpty() ? "" : known + ", ") + name + " 0x" + Long.toHexString(value));
        }
      }
    }

    private void signal(Bytes content) {
      if (!content.has(0, 24)) {
        return;
      }
      int number = content.i32(0, order);
      code = content.i32(8, order);
      hasSignalDetails = true;
      facts.replace(Fact.SIGNAL, SignalNames.linux(number));
      facts.note(Fact.SIGNAL_CODE, SignalNames.code(number, code));
      if (number == 4 || number == 5 || number == 7 || number == 8 || number == 11) {
        faultAddress = core.is64Bit() ? content.i64(16, order) : content.u32(12, order);
      }
    }

    private void files(Bytes content) {
      int word = core.is64Bit() ? 8 : 4;
      var cursor = new Cursor(content, 0, order);
      long stated = cursor.word(core.is64Bit(), "NT_FILE count");
      long pageSize = cursor.word(core.is64Bit(), "NT_FILE page_size");
      int count = cursor.count(stated, 3L * word, MOST_FILES, "NT_FILE count");
      if (pageSize <= 0 || pageSize > 1 << 24) {
        return;
      }
      // A file is mapped in parts; the first begins with its headers.
      var builds = new HashMap<String, String>();
      var ranges = new ArrayList<long[]>(Math.min(count, 1024));
      for (int i = 0; i < count; i++) {
        ranges.add(
            new long[] {
              cursor.word(core.is64Bit(), "start"),
              cursor.word(core.is64Bit(), "end"),
              cursor.word(core.is64Bit(), "file_ofs")
            });
      }
      long at = cursor.position();
      for (long[] range : ranges) {
        if (!cursor.isSound() || !content.has(at, 1)) {
          return;
        }
        String path = content.text(at, MOST_PATH);
        at += path.getBytes(java.nio.charset.StandardCharsets.UTF_8).length + 1L;
        // A page offset beyond this is no offset of a file; the product must not overflow.
        long offset = range[2] >= 0 && range[2] < 1L << 38 ? range[2] * pageSize : 0;
        if (offset == 0 && builds.size() < MOST_LIBRARIES) {
          builds.putIfAbsent(path, buildId(range[0]));
        }
        String build = builds.getOrDefault(path, "");
        facts.add(new LoadedLibrary(path, range[0], range[1], offset, "", build));
      }
    }

    /**
     * What was loaded, from the loader's own list in the process's memory ({@code r_debug} and
     * {@code link_map}, {@code link.h}): core files of QEMU have no {@code NT_FILE}.
     */
    private void linkMap() {
      long dynamic = 0;
      long bias = 0;
      for (long i = 0; i < Math.min(programHeaderCount, 128); i++) {
        long at = programHeaders + i * 56;
        long type = word(at) & 0xffff_ffffL;
        if (type == PT_PHDR) {
          bias = programHeaders - word(at + 16);
        } else if (type == PT_DYNAMIC) {
          dynamic = word(at + 16);
        }
      }
      long debug = 0;
      for (long at = dynamic + bias, n = 0; dynamic != 0 && n < 512; at += 16, n++) {
        long tag = word(at);
        if (tag == DT_DEBUG) {
          debug = word(at + 8);
        }
        if (tag == 0) {
          break;
        }
      }
      var starts = new ArrayList<Long>();
      var names = new ArrayList<String>();
      long map = debug == 0 ? 0 : word(debug + 8);
      var met = new HashSet<Long>();
      for (int n = 0; map != 0 && met.add(map) && n < MOST_LIBRARIES; n++) {
        starts.add(word(map));
        String name = text(word(map + 8));
        names.add(n == 0 && name.isEmpty() ? text(programName) : name);
        map = word(map + 24);
      }
      if (starts.isEmpty() && programName != 0) {
        starts.add(bias);
        names.add(text(programName));
      }
      var ends = new TreeMap<Long, Long>(Long::compareUnsigned);
      starts.forEach(start -> ends.put(start, start));
      for (ElfProgramHeader each : segments.values()) {
        Map.Entry<Long, Long> owner = ends.floorEntry(each.virtualAddress());
        long last = each.virtualAddress() + each.memorySize();
        if (owner != null && Long.compareUnsigned(last, owner.getValue()) > 0) {
          ends.put(owner.getKey(), last);
        }
      }
      for (int i = 0; i < starts.size(); i++) {
        long start = starts.get(i);
        if (!names.get(i).isEmpty()) {
          facts.add(
              new LoadedLibrary(names.get(i), start, ends.get(start), -1, "", buildId(start)));
        }
      }
    }

    /** The thread that died. */
    Optional<StoppedThread> thread() {
      if (registers.length == 0 || order != ByteOrder.LITTLE_ENDIAN) {
        return Optional.empty();
      }
      long pointer = registers[core.architecture() == Architecture.X86_64 ? RSP : SP];
      byte[] stack = new byte[0];
      for (ElfProgramHeader each : core.programHeaders()) {
        long from = pointer - each.virtualAddress();
        if (each.type() == PT_LOAD && from >= 0 && from < each.fileSize()) {
          long there = core.bytes().length() - each.offset();
          long room = Math.min(STACK, Math.min(each.fileSize(), there) - from);
          if (room > 0 && each.offset() >= 0) {
            stack = core.bytes().array(each.offset() + from, (int) room);
          }
          break;
        }
      }
      return Optional.of(
          new StoppedThread(
              core.architecture().id(),
              programCounter,
              registers,
              pointer,
              stack,
              facts.libraries(),
              isSynchronous()));
    }

    /**
     * Core files of QEMU do not say who raised the signal; what processors raise is theirs then.
     */
    private boolean isSynchronous() {
      return hasSignalDetails
          ? code > 0
          : switch (facts.get(Fact.SIGNAL)) {
            case "SIGILL", "SIGTRAP", "SIGBUS", "SIGFPE", "SIGSEGV" -> true;
            default -> false;
          };
    }

    /**
     * {@code NT_GNU_BUILD_ID} of an image in the process's memory, which holds at least the page of
     * its headers; empty where it does not, or has none.
     */
    private String buildId(long start) {
      if (!core.is64Bit() || (int) word(start) != ELF_MAGIC) {
        return "";
      }
      long table = start + word(start + 32);
      long sizes = word(start + 54);
      int size = (int) (sizes & 0xffff);
      int count = Math.min((int) (sizes >>> 16 & 0xffff), 64);
      long first = -1;
      for (int i = 0; i < count && size >= 56; i++) {
        long at = table + (long) i * size;
        int type = (int) word(at);
        if (type == PT_LOAD && first < 0) {
          first = word(at + 16);
        }
        if (type == PT_NOTE) {
          String id = buildId(start + word(at + 16) - Math.max(0, first), word(at + 40));
          if (!id.isEmpty()) {
            return id;
          }
        }
      }
      return "";
    }

    private String buildId(long address, long size) {
      long end = address + Math.clamp(size, 0, 4096);
      for (long at = address; end - at >= 16; ) {
        long name = word(at) & 0xffff_ffffL;
        long content = word(at) >>> 32;
        if (name > 4096 || content > 4096) {
          return "";
        }
        long body = at + 12 + (name + 3 & ~3L);
        boolean isGnu = name == 4 && (int) word(at + 12) == GNU;
        if ((int) word(at + 8) == NT_GNU_BUILD_ID && isGnu && content > 0 && content <= 64) {
          long from = offset(body, (int) content);
          return from < 0 ? "" : HexFormat.of().formatHex(core.bytes().array(from, (int) content));
        }
        at = body + (content + 3 & ~3L);
      }
      return "";
    }

    /** A word of the process's memory; 0 where the file has none. */
    private long word(long address) {
      long at = offset(address, 8);
      return at < 0 ? 0 : core.bytes().i64(at, order);
    }

    private String text(long address) {
      long at = offset(address, 1);
      return at < 0 ? "" : core.bytes().text(at, MOST_PATH);
    }

    private long offset(long address, int size) {
      Map.Entry<Long, ElfProgramHeader> found = segments.floorEntry(address);
      if (found == null) {
        return -1;
      }
      ElfProgramHeader each = found.getValue();
      long from = address - each.virtualAddress();
      return from <= each.fileSize() - size ? each.offset() + from : -1;
    }

    private void place() {
      long address = programCounter;
      facts.noteAddress(Fact.ADDRESS, address);
      if (faultAddress != 0 && !facts.get(Fact.SIGNAL).equals("SIGILL")) {
        facts.noteAddress(Fact.FAULT_ADDRESS, faultAddress);
      }
      if (faultAddress != 0 && faultAddress != address && facts.get(Fact.SIGNAL).equals("SIGILL")) {
        facts.replace(Fact.ADDRESS, "0x" + Long.toHexString(faultAddress));
        address = faultAddress;
      }
      for (LoadedLibrary library : facts.libraries()) {
        if (library.contains(address)) {
          facts.note(Fact.IMAGE, library.path());
          facts.noteAddress(
              Fact.IMAGE_OFFSET, address - library.start() + Math.max(0, library.fileOffset()));
          break;
        }
      }
      for (ElfProgramHeader each : core.programHeaders()) {
        long from = address - each.virtualAddress();
        if (each.type() == PT_LOAD && from >= 0 && from < each.fileSize()) {
          long room = Math.min(BYTES_AT_FAULT, each.fileSize() - from);
          if (core.bytes().has(each.offset() + from, room)) {
            byte[] code = core.bytes().array(each.offset() + from, (int) room);
            facts.note(Fact.BYTES, HexFormat.of().formatHex(code));
          }
          return;
        }
      }
    }
  }
}
