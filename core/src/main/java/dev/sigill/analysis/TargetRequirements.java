package dev.sigill.analysis;

import dev.sigill.bytes.Problem;
import dev.sigill.source.Distribution;
import dev.sigill.source.Interpreter;
import dev.sigill.source.Source;
import java.util.List;
import java.util.Optional;

/**
 * What all of a target needs of a machine: plain data that outlives the opened source and can be
 * kept.
 *
 * @param target the target as the user wrote it
 * @param artifact the last part of its name
 * @param kind what kind of thing it is
 * @param distributions the packages in it
 * @param interpreter the interpreter of an environment
 * @param images what each native image requires, in the order of their paths
 * @param problems what could not be opened, unpacked or read as a file; images have their own
 *     besides
 */
public record TargetRequirements(
    String target,
    String artifact,
    Source.Kind kind,
    List<Distribution> distributions,
    Optional<Interpreter> interpreter,
    List<Requirements> images,
    List<Problem> problems) {
  public TargetRequirements {
    distributions = List.copyOf(distributions);
    images = List.copyOf(images);
    problems = List.copyOf(problems);
  }
}
