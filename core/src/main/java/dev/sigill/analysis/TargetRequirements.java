package dev.sigill.analysis;

import dev.sigill.bytes.Problem;
import dev.sigill.source.Distribution;
import dev.sigill.source.Interpreter;
import dev.sigill.source.Source;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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
 * @param links other paths under which a loader finds an image: the link's path to the image's
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
    Map<String, String> links,
    List<Problem> problems) {
  public TargetRequirements {
    distributions = List.copyOf(distributions);
    images = List.copyOf(images);
    links = Collections.unmodifiableMap(new TreeMap<>(links));
    problems = List.copyOf(problems);
  }
}
