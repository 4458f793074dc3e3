package dev.sigill.verdict;

import dev.sigill.analysis.CpuCheck;
import dev.sigill.analysis.Protection;
import java.util.List;

/**
 * What an image contains for features that a machine lacks, but does not require there, and why.
 *
 * @param image path of the image within the target
 * @param kind what stands before it
 * @param features ids of the features, in the order of their table
 * @param titles the same for people
 * @param check what the checks on the way ask for; {@link CpuCheck#NONE} where none stands there or
 *     none of it was understood
 * @param functions how many functions hold such instructions
 * @param examples some of them
 */
public record Contained(
    String image,
    Protection.Kind kind,
    List<String> features,
    List<String> titles,
    CpuCheck check,
    int functions,
    List<Protection.Example> examples) {
  public Contained {
    features = List.copyOf(features);
    titles = List.copyOf(titles);
    examples = List.copyOf(examples);
  }
}
