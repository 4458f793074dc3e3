package dev.sigill.probe;

import dev.sigill.crash.Fault;
import dev.sigill.crash.LinuxRegisters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What was seen of processes that a signal was about to end. Safe for use by several threads. */
final class Deaths {
  /** How much of the stack is kept, in bytes. */
  private static final int STACK = 1 << 18;

  /** A program may try thousands of children that all die alike. */
  private static final int MOST = 64;

  /**
   * One of them.
   *
   * @param process number of the process
   * @param fault what was seen
   */
  record Death(int process, Fault fault) {}

  private final List<Death> deaths = new ArrayList<>();
  private final Map<Integer, Integer> statuses = new HashMap<>();
  private final Map<Integer, String> programs = new HashMap<>();

  synchronized void executed(int pid) {
    programs.put(pid, new ProcessFiles(pid).program());
  }

  /** The file of the program that a process ran last, or empty. */
  synchronized String program(int pid) {
    return programs.getOrDefault(pid, "");
  }

  synchronized void ended(int pid, int status) {
    if (statuses.size() < 1 << 16) {
      statuses.put(pid, status);
    }
  }

  synchronized void add(
      int thread, ProcessFiles files, Registers.Seen seen, Registers.@Nullable Seen earlier) {
    int process = files.process();
    deaths.removeIf(d -> d.process() == process);
    if (deaths.size() >= MOST) {
      return;
    }
    MemoryMap map = files.map();
    List<String> command = files.commandLine();
    String name = name(command);
    // A reporter of crashes raised the signal anew: what counts is where it struck first.
    boolean isRaised = seen.code() <= 0;
    boolean isOfEarlier =
        isRaised
            && earlier != null
            && (earlier.signal() == seen.signal() || seen.signal() == 6 && isJvm(map));
    Registers.Seen cause = isOfEarlier ? earlier : seen;
    Registers registers = cause.registers();
    byte[] code =
        cause.bytes().length > 0 ? cause.bytes() : files.memory(registers.programCounter(), 16);
    byte[] stack = files.memory(registers.stackPointer(), STACK);
    var fault =
        new Fault(
            name,
            registers.architecture(),
            cause.signal(),
            cause.code(),
            registers.programCounter(),
            cause.address(),
            code,
            registers.stackPointer(),
            stack,
            LinuxRegisters.dwarf(registers.architecture(), registers.general()),
            map.libraries(),
            "",
            runtime(map));
    Optional<Fault> guest =
        isRaised && Emulator.isOne(programs.getOrDefault(process, files.program()))
            ? new Emulator(files, map, seen).guest(name)
            : Optional.empty();
    deaths.add(new Death(process, guest.orElse(fault)));
  }

  private static String name(List<String> command) {
    String line = String.join(" ", command.stream().map(Deaths::quoted).toList());
    return line.length() > 300 ? line.substring(0, 300) + " …" : line;
  }

  private static String quoted(String word) {
    return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private static boolean isJvm(MemoryMap map) {
    return map.mappings().stream().anyMatch(m -> m.path().endsWith("/libjvm.so"));
  }

  /** The language's runtime that a process has loaded, or empty. */
  static String runtime(MemoryMap map) {
    for (MemoryMap.Mapping mapping : map.mappings()) {
      String file = mapping.path().substring(mapping.path().lastIndexOf('/') + 1);
      if (file.equals("libjvm.so")) {
        return "JVM";
      }
      if (file.matches("(?:lib)?(?:python|pypy)[\\d.]*m?(?:\\.so[\\d.]*)?")) {
        return "Python";
      }
      if (file.equals("node")) {
        return "Node.js";
      }
    }
    return "";
  }

  /**
   * The death that explains a status: that of the process itself, or else the last one by the
   * signal that a status above 128 tells of, or else the last one.
   *
   * @param process the process that was launched
   * @param signal the signal that its status tells of, or 0
   */
  synchronized Optional<Death> explaining(int process, int signal) {
    Optional<Death> last = Optional.empty();
    Optional<Death> alike = Optional.empty();
    for (Death death : deaths) {
      boolean isDead = isDead(death.process());
      if (!isDead) {
        continue;
      }
      if (death.process() == process) {
        return Optional.of(death);
      }
      last = Optional.of(death);
      if (death.fault().signal() == signal) {
        alike = last;
      }
    }
    return alike.isPresent() ? alike : signal == 0 ? last : Optional.empty();
  }

  private boolean isDead(int pid) {
    Integer status = statuses.get(pid);
    return status != null && (status & 0x7f) != 0;
  }
}
