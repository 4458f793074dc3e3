package dev.sigill.probe;

import dev.sigill.crash.Fault;
import dev.sigill.crash.LoadedLibrary;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * QEMU's user mode at the moment when it ends itself because its guest met a fault. The guest's
 * files are mapped where the guest sees them, the guest's {@code siginfo_t} lies on QEMU's stack,
 * and so does the address of the guest's registers.
 */
final class Emulator {
  private static final Pattern QEMU = Pattern.compile("(?:.*/)?qemu-([\\w]+?)(?:-static)?");

  private static final int SIGABRT = 6;

  /** {@code si_code} of a signal that a thread of the program sent. */
  private static final int SI_TKILL = -6;

  /** How much of QEMU's stack is searched, in bytes. */
  private static final int STACK = 1 << 16;

  private static final int HEAP = 1 << 25;

  private static final int GUEST_STACK = 1 << 18;

  /** QEMU's mark for the kind of {@code siginfo_t} that has an address. */
  private static final int QEMU_SI_FAULT = 3;

  /** How often a thread is looked at again that is not waiting yet, a millisecond apart. */
  private static final int TRIES = 20;

  /** Offsets in {@code CPUX86State}, which begins with the registers in the processor's order. */
  private static final int X86_RSP = 4 * 8;

  private static final int X86_RIP = 16 * 8;

  /** Places of rax, rdx, rcx, rbx, rsi, rdi, rbp, rsp and r8 to r15. */
  private static final int[] X86_REGISTERS = {0, 2, 1, 3, 6, 7, 5, 4, 8, 9, 10, 11, 12, 13, 14, 15};

  private final ProcessFiles files;
  private final MemoryMap map;
  private final Registers.Seen seen;
  private final List<byte[]> memories;
  private final List<LoadedLibrary> libraries;

  Emulator(ProcessFiles files, MemoryMap map, Registers.Seen seen) {
    this.files = files;
    this.map = map;
    this.seen = seen;
    this.memories = memories();
    this.libraries = guestLibraries();
  }

  /**
   * QEMU's heap, which holds its record of the guest's signal, and the stacks of all threads. The
   * one that ran the guest blocks signals, so that the one that QEMU ends itself with reaches
   * another; by then it waits for its end.
   */
  private List<byte[]> memories() {
    var found = new ArrayList<byte[]>();
    for (MemoryMap.Mapping mapping : map.mappings()) {
      if (mapping.path().equals("[heap]")) {
        found.add(
            files.memory(mapping.start(), (int) Math.min(HEAP, mapping.end() - mapping.start())));
      }
    }
    found.add(files.memory(seen.registers().stackPointer(), STACK));
    for (int thread : files.threads()) {
      long pointer = files.stackPointer(thread);
      for (int tries = 0; pointer == 0 && tries < TRIES; tries++) {
        java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        pointer = files.stackPointer(thread);
      }
      if (pointer != 0) {
        found.add(files.memory(pointer, STACK));
      }
    }
    return found;
  }

  /** Whether a program is QEMU's user mode. */
  static boolean isOne(String program) {
    return architecture(program).isPresent();
  }

  private static Optional<String> architecture(String program) {
    Matcher matcher = QEMU.matcher(program);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return switch (matcher.group(1)) {
      case "x86_64" -> Optional.of("x86_64");
      case "aarch64" -> Optional.of("arm64");
      default -> Optional.empty();
    };
  }

  /** The guest's fault, where QEMU's memory tells of it. */
  Optional<Fault> guest(String command) {
    String architecture = architecture(files.program()).orElse("");
    boolean isSent = seen.signal() == SIGABRT;
    // A program that gives up sends the signal itself; there is no address then.
    long[] information = isSent ? new long[] {SI_TKILL, 0} : information();
    if (information == null) {
      return Optional.empty();
    }
    int code = (int) information[0];
    long address = information[1];
    long state = architecture.equals("x86_64") ? state(address) : 0;
    long counter = address;
    long pointer = 0;
    if (state != 0) {
      counter = word(state + X86_RIP);
      pointer = word(state + X86_RSP);
    } else if (seen.signal() != 4 && seen.signal() != 8 && seen.signal() != 5) {
      // Of other signals, the address is the one accessed.
      return Optional.empty();
    }
    return Optional.of(
        new Fault(
            command,
            architecture,
            seen.signal(),
            code,
            counter,
            address,
            files.memory(counter, 16),
            pointer,
            pointer == 0 ? new byte[0] : files.memory(pointer, GUEST_STACK),
            registers(state),
            libraries,
            "QEMU",
            Deaths.runtime(map)));
  }

  /**
   * What the guest sees. QEMU's own program and libraries are mapped for execution; the guest's are
   * not, even where they are the same files.
   */
  private List<LoadedLibrary> guestLibraries() {
    var guest = new ArrayList<LoadedLibrary>();
    List<MemoryMap.Mapping> all = map.mappings();
    for (int i = 0; i < all.size(); ) {
      int end = i + 1;
      while (end < all.size() && all.get(end).path().equals(all.get(i).path())) {
        end++;
      }
      List<MemoryMap.Mapping> file = all.subList(i, end);
      if (file.getFirst().isFile() && file.stream().noneMatch(m -> m.permissions().contains("x"))) {
        guest.addAll(new MemoryMap(file).libraries());
      }
      i = end;
    }
    return guest;
  }

  /**
   * Code and address of the guest's signal: a {@code siginfo_t} of the same signal with a code of
   * the processor's, whose address the guest has mapped from a file where it is that of an
   * instruction. Null where there is none, or where those found disagree.
   */
  private long @Nullable [] information() {
    boolean isPlace = seen.signal() == 4 || seen.signal() == 8 || seen.signal() == 5;
    var found = new ArrayList<long[]>();
    for (byte[] memory : memories) {
      ByteBuffer words = ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN);
      for (int at = 0; at + 24 <= memory.length; at += 8) {
        // QEMU keeps the kind of the structure in the upper half; an address that is no
        // instruction's cannot be told from chance without it.
        int kind = words.getShort(at + 10);
        int code = words.getShort(at + 8);
        if (words.getInt(at) == seen.signal()
            && words.getInt(at + 4) == 0
            && (kind == QEMU_SI_FAULT || isPlace && kind == 0)
            && code >= 1
            && code <= 9) {
          long address = words.getLong(at + 16);
          boolean isKnown = !isPlace || libraries.stream().anyMatch(l -> within(l, address));
          if (isKnown && found.stream().noneMatch(f -> f[0] == code && f[1] == address)) {
            found.add(new long[] {code, address});
          }
        }
      }
    }
    return found.size() == 1 ? found.getFirst() : null;
  }

  private static boolean within(LoadedLibrary library, long address) {
    return Long.compareUnsigned(address, library.start()) >= 0
        && Long.compareUnsigned(address, library.end()) < 0;
  }

  /** Address of {@code CPUX86State}: a pointer in a register or on the stack to what fits. */
  private long state(long faultAddress) {
    var tried = new HashSet<Long>();
    for (long register : seen.registers().general()) {
      if (tried.add(register) && isState(register, faultAddress)) {
        return register;
      }
    }
    for (byte[] memory : memories.reversed()) {
      ByteBuffer words = ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN);
      for (int at = 0; at + 8 <= memory.length; at += 8) {
        long word = words.getLong(at);
        if ((word & 7) == 0 && word > 0x1000 && tried.add(word) && isState(word, faultAddress)) {
          return word;
        }
      }
    }
    return 0;
  }

  /** The guest's general registers by their DWARF numbers, or none. */
  private long[] registers(long state) {
    if (state == 0) {
      return new long[0];
    }
    var sorted = new long[X86_REGISTERS.length];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = word(state + 8L * X86_REGISTERS[i]);
    }
    return sorted;
  }

  private boolean isState(long pointer, long faultAddress) {
    if ((pointer & 7) != 0 || mapping(pointer).isEmpty() || mapping(pointer + X86_RIP).isEmpty()) {
      return false;
    }
    long counter = word(pointer + X86_RIP);
    long flags = word(pointer + X86_RIP + 8);
    long guestStack = word(pointer + X86_RSP);
    boolean isPlace = seen.signal() == 4 || seen.signal() == 8 || seen.signal() == 5;
    boolean isCode =
        isPlace ? counter == faultAddress : libraries.stream().anyMatch(l -> within(l, counter));
    // Bit 1 of the flags is always set; what lies above bit 21 never is.
    return isCode
        && (flags & ~0x3f_ffffL) == 0
        && (flags & 2) != 0
        && mapping(guestStack).filter(m -> m.permissions().startsWith("rw")).isPresent();
  }

  private Optional<MemoryMap.Mapping> mapping(long address) {
    return map.mappings().stream().filter(m -> m.contains(address)).findFirst();
  }

  private long word(long address) {
    byte[] bytes = files.memory(address, 8);
    return bytes.length < 8 ? 0 : ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }
}
