package dev.sigill.probe;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;

/**
 * What this tool does with the signals that a terminal or another program sends while a program
 * runs in its place. Those of the terminal reach the program too, since it is in the same process
 * group: the tool ignores them. Those that only the tool gets are passed on. A stop of the program
 * stops the tool, so that the shell sees it.
 */
final class TerminalSignals implements Tracer.StopListener {
  private static final int SIGHUP = 1;
  private static final int SIGINT = 2;
  private static final int SIGQUIT = 3;
  private static final int SIGTERM = 15;
  private static final int SIGCONT = 18;
  private static final int SIGSTOP = 19;
  private static final int SIGTSTP = 20;
  private static final int SIGTTIN = 21;
  private static final int SIGTTOU = 22;

  private static final int[] OF_TERMINAL = {SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU};
  private static final Map<String, Integer> PASSED_ON =
      Map.of("HUP", SIGHUP, "TERM", SIGTERM, "USR1", 10, "USR2", 12, "CONT", SIGCONT);

  /** SIGQUIT, SIGPIPE and SIGXFSZ, which Java handles even where it finds them ignored. */
  private static final int[] TAKEN_OVER = {SIGQUIT, 13, 25};

  private static final int STRUCTURE = 256;

  private final boolean isInForeground;
  private final Arena arena = Arena.ofAuto();
  private final Map<Integer, MemorySegment> former = new HashMap<>();
  private long defaults;
  private volatile int pid;

  /**
   * Prepares for a program.
   *
   * @param isInForeground whether it runs in the tool's place; others are in a group of their own
   */
  TerminalSignals(boolean isInForeground) {
    this.isInForeground = isInForeground;
    if (!isInForeground) {
      return;
    }
    long ignored = ignoredAtStart();
    for (int signal : TAKEN_OVER) {
      if ((ignored & 1L << (signal - 1)) != 0) {
        ignore(signal);
      }
    }
    for (int signal : OF_TERMINAL) {
      MemorySegment old = arena.allocate(STRUCTURE, 16);
      Libc.sigaction(signal, MemorySegment.NULL, old);
      if (old.get(ValueLayout.JAVA_LONG, 0) != 1) {
        defaults |= 1L << (signal - 1);
        former.put(signal, old);
        ignore(signal);
      }
    }
    PASSED_ON.forEach(this::passOn);
  }

  private void ignore(int signal) {
    MemorySegment ignore = arena.allocate(STRUCTURE, 16);
    // SIG_IGN is 1, the first word of the structure is the handler.
    ignore.set(ValueLayout.JAVA_LONG, 0, 1);
    Libc.sigaction(signal, ignore, MemorySegment.NULL);
  }

  /** The signals that were ignored when the launcher script began, bit 0 for signal 1. */
  private static long ignoredAtStart() {
    String mask = System.getenv("SIGILL_IGNORED");
    return mask != null && mask.matches("[0-9a-f]{1,16}") ? Long.parseUnsignedLong(mask, 16) : 0;
  }

  /** The signals that the program gets in their default disposition, bit 0 for signal 1. */
  long defaults() {
    return defaults;
  }

  void began(int number) {
    pid = number;
  }

  /** The program has ended: signals are the tool's own again. */
  void ended() {
    pid = 0;
    former.forEach((signal, old) -> Libc.sigaction(signal, old, MemorySegment.NULL));
  }

  @Override
  public void stopped(int signal) {
    if (!isInForeground) {
      return;
    }
    // By the same signal, since shells tell which one it was.
    MemorySegment standard = arena.allocate(STRUCTURE, 16);
    boolean isIgnored = former.containsKey(signal);
    if (isIgnored) {
      Libc.sigaction(signal, standard, MemorySegment.NULL);
    }
    Libc.kill((int) ProcessHandle.current().pid(), isIgnored ? signal : SIGSTOP);
    if (isIgnored) {
      ignore(signal);
    }
  }

  /** Through {@code sun.misc.Signal}, which has no successor; without it, they end the tool. */
  private void passOn(String name, int signal) {
    MemorySegment now = arena.allocate(STRUCTURE, 16);
    Libc.sigaction(signal, MemorySegment.NULL, now);
    if (now.get(ValueLayout.JAVA_LONG, 0) == 1) {
      // Ignored, as by nohup: the program inherits that.
      return;
    }
    try {
      Class<?> signals = Class.forName("sun.misc.Signal");
      Class<?> handlers = Class.forName("sun.misc.SignalHandler");
      Object handler =
          Proxy.newProxyInstance(
              handlers.getClassLoader(),
              new Class<?>[] {handlers},
              (proxy, method, arguments) -> {
                int number = pid;
                if (method.getName().equals("handle") && number != 0) {
                  Libc.kill(number, signal);
                }
                return method.getReturnType() == boolean.class
                    ? Boolean.FALSE
                    : method.getReturnType() == int.class ? 0 : null;
              });
      Method handle = signals.getMethod("handle", signals, handlers);
      handle.invoke(null, signals.getConstructor(String.class).newInstance(name), handler);
    } catch (ReflectiveOperationException | RuntimeException e) {
      // A virtual machine keeps some signals for itself.
      return;
    }
  }
}
