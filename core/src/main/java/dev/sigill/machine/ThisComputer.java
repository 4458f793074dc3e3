package dev.sigill.machine;

import dev.sigill.platform.Architecture;
import java.util.List;
import java.util.Optional;

/**
 * The computer that this program runs on: a machine for native processes, and one for those that a
 * translator runs.
 *
 * @param machine as a native process sees it; its name is {@code this}
 * @param translated as a process of the other architecture sees it, where there is a translator
 * @param isTranslated whether this very program runs under the translator
 * @param title the computer in a phrase: {@code Apple M1, macOS 14.5}
 * @param signs what was found out besides: a container, a hypervisor, a board
 */
public record ThisComputer(
    Machine machine,
    Optional<Machine> translated,
    boolean isTranslated,
    String title,
    List<String> signs) {
  public ThisComputer {
    signs = List.copyOf(signs);
  }

  /**
   * Looks at this computer. Never fails: what cannot be found out stays unknown, and the machine
   * then has the least that its architecture promises.
   */
  public static ThisComputer look() {
    return Detection.of(new RunningHost());
  }

  /** The machine of this program's own process. */
  public Machine ownProcess() {
    return isTranslated ? translated.orElse(machine) : machine;
  }

  /** The machine for processes of an architecture; empty where this computer runs none. */
  public Optional<Machine> machineFor(Architecture architecture) {
    Architecture family =
        architecture == Architecture.ARM64E || architecture == Architecture.ARM64EC
            ? Architecture.ARM64
            : architecture;
    return machine.architecture() == family
        ? Optional.of(machine)
        : translated.filter(m -> m.architecture() == family);
  }
}
