package dev.sigill.machine;

import dev.sigill.isa.FeatureSet;
import dev.sigill.platform.Architecture;
import java.util.List;

/**
 * A computer as one process of it meets it.
 *
 * @param name what people type: {@code nehalem}, {@code m1-rosetta-macos13}, {@code
 *     nehalem+ubuntu-22.04}
 * @param title what people read: {@code Apple M1 under Rosetta 2, macOS 13}
 * @param architecture the architecture of its processes, as this machine runs them
 * @param advertised the features that CPUID, hwcap or sysctl report, which decide what CPU checks
 *     choose
 * @param executes the features whose instructions run without a fault
 * @param uncertain features of {@code executes} that only users' reports vouch for
 * @param translator what executes foreign code, {@link Translator#NONE} on plain hardware
 * @param hostArchitecture the processor's own architecture; equals {@code architecture} without
 *     translator
 * @param system the operating system, or {@link SystemProfile#ANY} where the name says none
 * @param pageSize bytes per memory page, or 0 where not known
 * @param sources where each fact comes from: titles and addresses of documents, or what was read
 *     here
 */
public record Machine(
    String name,
    String title,
    Architecture architecture,
    FeatureSet advertised,
    FeatureSet executes,
    FeatureSet uncertain,
    Translator translator,
    Architecture hostArchitecture,
    SystemProfile system,
    int pageSize,
    List<String> sources) {
  public Machine {
    sources = List.copyOf(sources);
  }
}
