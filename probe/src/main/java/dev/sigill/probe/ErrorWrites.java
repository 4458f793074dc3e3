package dev.sigill.probe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What watched programs write on standard error where that leads to a terminal or a pipe, seen at
 * their system calls: the stream itself stays as it is.
 *
 * <p>Each system call of a program costs it two stops then. So there is a budget, which fills up
 * again slowly: a program that makes very many calls soon runs at its own speed, and what it writes
 * from then on is not seen. Used by the tracer's thread; the text may be taken by another.
 */
final class ErrorWrites {
  /** Where a thread is to be stopped next. */
  static final int PTRACE_SYSCALL = 24;

  private static final int PTRACE_GET_SYSCALL_INFO = 0x420e;
  private static final int ENTRY = 1;
  private static final int EXIT = 2;

  /** {@code AUDIT_ARCH_X86_64}, {@code AUDIT_ARCH_I386}, {@code AUDIT_ARCH_AARCH64}. */
  private static final int X86_64 = 0xc000_003e;

  private static final int I386 = 0x4000_0003;
  private static final int AARCH64 = 0xc000_00b7;

  /** How many stops a program may be asked to make before it has gone on for long, and at most. */
  private static final long MOST_STOPS = 200_000;

  private static final long STOPS_PER_SECOND = 4000;

  /** How much of the end is kept, in bytes; twice as much for a while. */
  private static final int KEPT = 1 << 17;

  private static final int MOST_OF_ONE = 1 << 16;
  private static final int MOST_PARTS = 64;

  private final String stream;

  /** Programs open a terminal anew, under other numbers. */
  private final boolean isTerminal;

  /** Whether standard output leads elsewhere, so that what is written here by its number tells. */
  private final boolean isApart;

  private final MemorySegment information;
  private final Map<Integer, byte[]> pending = new HashMap<>();
  private final ByteArrayOutputStream text = new ByteArrayOutputStream();
  private double stops = MOST_STOPS;
  private long filled = System.nanoTime();
  private boolean isSupported = true;

  private ErrorWrites(String stream, boolean isApart, Arena arena) {
    this.stream = stream;
    this.isApart = isApart;
    this.isTerminal = stream.startsWith("/dev/");
    this.information = arena.allocate(128, 8);
  }

  /** For the tool's own error stream; empty where it is a file, which can be read, or nothing. */
  static Optional<ErrorWrites> ofThisProcess() {
    try {
      Path descriptor = Path.of("/proc/self/fd/2");
      String stream = Files.readSymbolicLink(descriptor).toString();
      String output = new ProcessFiles((int) ProcessHandle.current().pid()).openFile(1);
      return Files.isRegularFile(descriptor) || stream.equals("/dev/null")
          ? Optional.empty()
          : Optional.of(new ErrorWrites(stream, !output.equals(stream), Arena.ofAuto()));
    } catch (IOException | SecurityException e) {
      return Optional.empty();
    }
  }

  /** Whether a thread that goes on is to be stopped at its next system call. */
  boolean isAffordable() {
    if (!isSupported) {
      return false;
    }
    long now = System.nanoTime();
    stops = Math.min(MOST_STOPS, stops + (now - filled) * 1e-9 * STOPS_PER_SECOND);
    filled = now;
    return stops >= 1;
  }

  /** A thread was stopped at a system call. */
  void stopped(int thread) {
    stops--;
    if (Libc.ptrace(PTRACE_GET_SYSCALL_INFO, thread, information.byteSize(), information) < 0) {
      // Before Linux 5.3.
      isSupported = false;
      return;
    }
    switch (information.get(ValueLayout.JAVA_BYTE, 0)) {
      case ENTRY -> entered(thread);
      case EXIT -> {
        byte[] bytes = pending.remove(thread);
        long written = information.get(ValueLayout.JAVA_LONG, 24);
        if (bytes != null && written > 0) {
          append(bytes, (int) Math.min(written, bytes.length));
        }
      }
      default -> {}
    }
  }

  void ended(int thread) {
    pending.remove(thread);
  }

  private void entered(int thread) {
    long descriptor = argument(0);
    boolean isCandidate =
        descriptor == 2 || descriptor == 1 && isApart || descriptor > 2 && isTerminal;
    if (!isCandidate) {
      return;
    }
    int architecture = information.get(ValueLayout.JAVA_INT, 4);
    long number = information.get(ValueLayout.JAVA_LONG, 24);
    boolean isWrite = numbers(architecture, 1, 4, 64).contains(number);
    boolean isWriteOfParts = numbers(architecture, 20, 146, 66).contains(number);
    if (!isWrite && !isWriteOfParts) {
      return;
    }
    var files = new ProcessFiles(thread);
    if (!files.openFile((int) descriptor).equals(stream)) {
      return;
    }
    byte[] bytes =
        isWrite
            ? files.memory(argument(1), Math.clamp(argument(2), 0, MOST_OF_ONE))
            : parts(files, architecture != I386);
    pending.put(thread, bytes);
  }

  private long argument(int index) {
    return information.get(ValueLayout.JAVA_LONG, 32 + 8L * index);
  }

  private static Set<Long> numbers(int architecture, long x8664, long i386, long arm64) {
    return switch (architecture) {
      case X86_64 -> Set.of(x8664);
      case I386 -> Set.of(i386);
      case AARCH64 -> Set.of(arm64);
      default -> Set.of();
    };
  }

  /** The parts of writev(2) one after another. */
  private byte[] parts(ProcessFiles files, boolean is64Bit) {
    int word = is64Bit ? 8 : 4;
    int count = Math.clamp(argument(2), 0, MOST_PARTS);
    byte[] vector = files.memory(argument(1), count * 2 * word);
    var words = java.nio.ByteBuffer.wrap(vector).order(java.nio.ByteOrder.nativeOrder());
    var bytes = new ByteArrayOutputStream();
    for (int i = 0; i + 2 * word <= vector.length; i += 2 * word) {
      long address = is64Bit ? words.getLong(i) : Integer.toUnsignedLong(words.getInt(i));
      long size = is64Bit ? words.getLong(i + 8) : Integer.toUnsignedLong(words.getInt(i + 4));
      byte[] part = files.memory(address, Math.clamp(size, 0, MOST_OF_ONE - bytes.size()));
      bytes.write(part, 0, part.length);
      if (part.length < size) {
        break;
      }
    }
    return bytes.toByteArray();
  }

  private synchronized void append(byte[] bytes, int length) {
    text.write(bytes, 0, length);
    if (text.size() > 2 * KEPT) {
      byte[] all = text.toByteArray();
      text.reset();
      text.write(all, all.length - KEPT, KEPT);
    }
  }

  /** What was written, or its end where that is long. */
  synchronized String written() {
    return text.toString(StandardCharsets.UTF_8);
  }
}
