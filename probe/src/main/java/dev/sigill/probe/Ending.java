package dev.sigill.probe;

import dev.sigill.crash.Fault;
import java.util.Optional;

/**
 * How a program ended.
 *
 * @param pid its number
 * @param exitStatus what it exited with, 0 where a signal ended it
 * @param signal the signal that ended it, or 0
 * @param fault what was seen of the death that explains it: its own, or that of a process of its
 *     own
 * @param program the file that it ran last, or empty where that is not known
 * @param remark why nothing could be watched, or empty
 */
record Ending(
    int pid, int exitStatus, int signal, Optional<Fault> fault, String program, String remark) {
  /** The status as shells tell it: 128 and the signal where one ended it. */
  int shellStatus() {
    return signal != 0 ? 128 + signal : exitStatus;
  }

  /** Whether its status is one of Windows' exceptions, such as 0xC000001D. */
  boolean isWindowsException() {
    return exitStatus >>> 28 == 0xc;
  }

  /** The signal that ended it, or that its status tells of, as shells do; 0 where none. */
  int signalTold() {
    if (signal != 0) {
      return signal;
    }
    return exitStatus > 128 && Fault.isFatal(exitStatus - 128) ? exitStatus - 128 : 0;
  }
}
