package dev.sigill.probe;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The functions of the C library that Java has no words for. Every call answers what the function
 * did, or the negated {@code errno} where it failed. Linux with a 64-bit C library only; nothing
 * here is called elsewhere.
 */
final class Libc {
  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int ESRCH = 3;
  static final int EINTR = 4;
  static final int ECHILD = 10;
  static final int EACCES = 13;

  private static final AddressLayout POINTER = ValueLayout.ADDRESS;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final Map<String, Optional<MethodHandle>> FUNCTIONS = new ConcurrentHashMap<>();

  private Libc() {}

  /** Whether this is a system that these functions are known for. */
  static boolean isSupported() {
    String machine = System.getProperty("os.arch", "");
    return System.getProperty("os.name", "").equals("Linux")
        && (machine.equals("amd64") || machine.equals("aarch64"))
        && has("ptrace")
        && has("posix_spawnp")
        && has("waitpid");
  }

  static boolean has(String function) {
    try {
      return LINKER.defaultLookup().find(function).isPresent();
    } catch (RuntimeException | LinkageError e) {
      return false;
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    return FUNCTIONS
        .computeIfAbsent(
            name,
            n ->
                LINKER
                    .defaultLookup()
                    .find(n)
                    .map(
                        address ->
                            LINKER.downcallHandle(
                                address, descriptor, Linker.Option.captureCallState("errno"))))
        .orElseThrow(() -> new UnsupportedOperationException("the C library has no " + name));
  }

  /** One call: the function's answer as a number, and errno where that is negative. */
  private interface Call {
    long make(MemorySegment state) throws Throwable;
  }

  private static long answer(Call call) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      long value = call.make(state);
      return value == -1 ? -(int) ERRNO.get(state, 0L) : value;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The two that are called at each stop of a watched program: as constants, the virtual machine
   * compiles the calls into the code around them.
   */
  private static final class Often {
    static final MethodHandle PTRACE =
        function("ptrace", FunctionDescriptor.of(LONG, INT, INT, LONG, POINTER));
    static final MethodHandle WAITPID =
        function("waitpid", FunctionDescriptor.of(INT, INT, POINTER, INT));
    static final ThreadLocal<MemorySegment> STATES =
        ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE));

    private Often() {}
  }

  /** ptrace(2). */
  static long ptrace(int request, int pid, long address, MemorySegment data) {
    try {
      MemorySegment state = Often.STATES.get();
      long value = (long) Often.PTRACE.invokeExact(state, request, pid, address, data);
      return value == -1 ? -(int) ERRNO.get(state, 0L) : value;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** ptrace(2) with a number as its data. */
  static long ptrace(int request, int pid, long address, long data) {
    return ptrace(request, pid, address, MemorySegment.ofAddress(data));
  }

  /** waitpid(2); the status is written to {@code status}. */
  static int waitpid(int pid, MemorySegment status, int options) {
    try {
      MemorySegment state = Often.STATES.get();
      int value = (int) Often.WAITPID.invokeExact(state, pid, status, options);
      return value == -1 ? -(int) ERRNO.get(state, 0L) : value;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** kill(2). */
  static int kill(int pid, int signal) {
    MethodHandle f = function("kill", FunctionDescriptor.of(INT, INT, INT));
    return (int) answer(state -> (int) f.invokeExact(state, pid, signal));
  }

  /** mkfifo(3). */
  static int mkfifo(MemorySegment path, int mode) {
    MethodHandle f = function("mkfifo", FunctionDescriptor.of(INT, POINTER, INT));
    return (int) answer(state -> (int) f.invokeExact(state, path, mode));
  }

  /** open(2), of a file that exists. */
  static int open(MemorySegment path, int flags) {
    MethodHandle f = function("open", FunctionDescriptor.of(INT, POINTER, INT));
    return (int) answer(state -> (int) f.invokeExact(state, path, flags));
  }

  /** close(2). */
  static int close(int descriptor) {
    MethodHandle f = function("close", FunctionDescriptor.of(INT, INT));
    return (int) answer(state -> (int) f.invokeExact(state, descriptor));
  }

  /** sigaction(2); either structure may be {@link MemorySegment#NULL}. */
  static int sigaction(int signal, MemorySegment fresh, MemorySegment old) {
    MethodHandle f = function("sigaction", FunctionDescriptor.of(INT, INT, POINTER, POINTER));
    return (int) answer(state -> (int) f.invokeExact(state, signal, fresh, old));
  }

  /**
   * Calls a function that takes pointers and answers an error number, as the posix_spawn family
   * does.
   */
  static int spawnCall(String name, MemorySegment... pointers) {
    var layouts = new MemoryLayout[pointers.length];
    java.util.Arrays.fill(layouts, POINTER);
    MethodHandle f = function(name, FunctionDescriptor.of(INT, layouts));
    return (int)
        answer(
            state -> {
              var arguments = new Object[pointers.length + 1];
              arguments[0] = state;
              System.arraycopy(pointers, 0, arguments, 1, pointers.length);
              return (int) f.invokeWithArguments(arguments);
            });
  }

  /** {@code posix_spawnattr_setflags}. */
  static int setFlags(MemorySegment attributes, int flags) {
    MethodHandle f =
        function(
            "posix_spawnattr_setflags",
            FunctionDescriptor.of(INT, POINTER, ValueLayout.JAVA_SHORT));
    return (int) answer(state -> (int) f.invokeExact(state, attributes, (short) flags));
  }

  /** {@code posix_spawn_file_actions_addopen}. */
  static int addOpen(MemorySegment actions, int descriptor, MemorySegment path, int flags) {
    MethodHandle f =
        function(
            "posix_spawn_file_actions_addopen",
            FunctionDescriptor.of(INT, POINTER, INT, POINTER, INT, INT));
    return (int)
        answer(state -> (int) f.invokeExact(state, actions, descriptor, path, flags, 0600));
  }

  /** {@code posix_spawn_file_actions_addclose}. */
  static int addClose(MemorySegment actions, int descriptor) {
    MethodHandle f =
        function("posix_spawn_file_actions_addclose", FunctionDescriptor.of(INT, POINTER, INT));
    return (int) answer(state -> (int) f.invokeExact(state, actions, descriptor));
  }
}
