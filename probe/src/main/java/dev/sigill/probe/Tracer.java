package dev.sigill.probe;

import dev.sigill.crash.Fault;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Watches a process and all that come of it through ptrace(2), and passes everything on to them as
 * it would have reached them: signals, stops and continuations. All requests must come from one
 * thread of the operating system, the one that calls {@link #seize} and {@link #watch}.
 */
final class Tracer {
  private static final int PTRACE_CONT = 7;
  private static final int PTRACE_GETREGSET = 0x4204;
  private static final int PTRACE_SEIZE = 0x4206;
  private static final int PTRACE_LISTEN = 0x4208;
  private static final int PTRACE_GETSIGINFO = 0x4202;

  /**
   * TRACESYSGOOD, which marks stops at system calls; TRACEFORK, TRACEVFORK, TRACECLONE and
   * TRACEEXEC: all that come of it are watched too.
   */
  private static final int OPTIONS = 1 | 1 << 1 | 1 << 2 | 1 << 3 | 1 << 4;

  private static final int EVENT_EXEC = 4;
  private static final int EVENT_STOP = 128;

  private static final int WALL = 0x4000_0000;

  /** Only what this thread watches: other threads wait for children of their own. */
  private static final int WNOTHREAD = 0x2000_0000;

  private static final int NT_PRSTATUS = 1;
  private static final int SIGTRAP = 5;
  private static final int AT_SYSTEM_CALL = SIGTRAP | 0x80;

  private final int main;
  private final Deaths deaths;
  private final StopListener listener;
  private final @Nullable ErrorWrites writes;
  private final Map<Integer, Registers.Seen> handled = new HashMap<>();
  private final Set<Integer> followed = new HashSet<>();

  /** Hears of stops of the process that was launched, so that they can be mirrored. */
  interface StopListener {
    /** It was stopped as a whole by a signal, such as SIGTSTP. */
    void stopped(int signal);
  }

  /**
   * Makes one.
   *
   * @param writes what notes the writes on standard error, or null where they are not followed
   */
  Tracer(int main, Deaths deaths, StopListener listener, @Nullable ErrorWrites writes) {
    this.main = main;
    this.deaths = deaths;
    this.listener = listener;
    this.writes = writes;
  }

  /** Begins to watch it; 0, or the negated error number. */
  static int seize(int pid) {
    return (int) Libc.ptrace(PTRACE_SEIZE, pid, 0, OPTIONS);
  }

  /** Passes on all that happens until the process has ended; its status as waitpid(2) gives it. */
  int watch() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(ValueLayout.JAVA_INT);
      followed.add(main);
      while (true) {
        int pid = Libc.waitpid(-1, status, WALL | WNOTHREAD);
        if (pid == -Libc.EINTR) {
          continue;
        }
        if (pid < 0) {
          // It ended without its status being told to this thread.
          return -1;
        }
        int value = status.get(ValueLayout.JAVA_INT, 0);
        if ((value & 0xff) == 0x7f) {
          stopped(arena, pid, value >>> 8 & 0xff, value >>> 16);
        } else {
          followed.remove(pid);
          handled.remove(pid);
          if (writes != null) {
            writes.ended(pid);
          }
          deaths.ended(pid, value);
          if (pid == main) {
            return value;
          }
        }
      }
    }
  }

  /** Goes on watching what is left after the process has ended, until nothing is. */
  void watchTheRest() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(ValueLayout.JAVA_INT);
      while (true) {
        int pid = Libc.waitpid(-1, status, WALL | WNOTHREAD);
        if (pid < 0 && pid != -Libc.EINTR) {
          return;
        }
        int value = status.get(ValueLayout.JAVA_INT, 0);
        if (pid > 0 && (value & 0xff) == 0x7f) {
          stopped(arena, pid, value >>> 8 & 0xff, value >>> 16);
        }
      }
    }
  }

  private void stopped(Arena arena, int pid, int signal, int event) {
    if (event == EVENT_STOP) {
      if (signal == SIGTRAP) {
        // A new thread or process begins, or one goes on after a stop.
        followed.add(pid);
        proceed(pid, 0);
      } else {
        if (pid == main) {
          listener.stopped(signal);
        }
        Libc.ptrace(PTRACE_LISTEN, pid, 0, 0);
      }
      return;
    }
    if (event != 0) {
      if (event == EVENT_EXEC) {
        handled.remove(pid);
        deaths.executed(pid);
      }
      proceed(pid, 0);
      return;
    }
    if (signal == AT_SYSTEM_CALL) {
      if (writes != null) {
        writes.stopped(pid);
      }
      proceed(pid, 0);
      return;
    }
    if (Fault.isFatal(signal)) {
      observe(arena, pid, signal);
    }
    proceed(pid, signal);
  }

  private void proceed(int pid, int signal) {
    boolean isFollowed = writes != null && writes.isAffordable();
    Libc.ptrace(isFollowed ? ErrorWrites.PTRACE_SYSCALL : PTRACE_CONT, pid, 0, signal);
  }

  /** A signal is about to reach a thread: see where it is, before anything can change. */
  private void observe(Arena arena, int thread, int signal) {
    MemorySegment information = arena.allocate(128);
    if (Libc.ptrace(PTRACE_GETSIGINFO, thread, 0, information) < 0) {
      return;
    }
    int code = information.get(ValueLayout.JAVA_INT, 8);
    long address = information.get(ValueLayout.JAVA_LONG, 16);
    MemorySegment area = arena.allocate(1024);
    MemorySegment vector = arena.allocate(16);
    vector.set(ValueLayout.ADDRESS, 0, area);
    vector.set(ValueLayout.JAVA_LONG, 8, area.byteSize());
    if (Libc.ptrace(PTRACE_GETREGSET, thread, NT_PRSTATUS, vector) < 0) {
      return;
    }
    int size = (int) vector.get(ValueLayout.JAVA_LONG, 8);
    var files = new ProcessFiles(thread);
    Registers registers = Registers.of(area, size);
    if (registers == null) {
      return;
    }
    var seen = new Registers.Seen(signal, code, address, registers);
    boolean isSynchronous = code > 0;
    if (files.isHandled(signal)) {
      // Runtimes use faults for their own ends, and crash reporters raise the signal again.
      if (isSynchronous) {
        byte[] bytes = files.memory(registers.programCounter(), 16);
        handled.put(thread, seen.with(bytes));
      }
      return;
    }
    Registers.Seen earlier = handled.get(thread);
    deaths.add(thread, files, seen, earlier);
  }
}
