package dev.sigill.analysis;

import dev.sigill.isa.FeatureSet;
import java.util.ArrayList;
import java.util.List;

/**
 * A check of the CPU that ends the program with a message instead of a fault.
 *
 * @param features the features it insists on, by what the machine advertises; empty where that is
 *     not known
 * @param stage when it runs
 * @param order its place in the order of execution, comparable with that of {@link
 *     InstructionNeed}s
 * @param image path of the image that holds it
 * @param function the function that holds it, readable, or empty
 * @param message the words it prints as far as the image shows them, or empty
 * @param path the way to it
 */
public record SelfCheck(
    FeatureSet features,
    Stage stage,
    int order,
    String image,
    String function,
    String message,
    List<String> path) {
  public SelfCheck {
    path = List.copyOf(path);
  }

  /** The same at another place in the order, with more said of its root. */
  SelfCheck placed(int newOrder, String rootSuffix) {
    var newPath = new ArrayList<>(path);
    if (!newPath.isEmpty()) {
      newPath.set(0, newPath.getFirst() + rootSuffix);
    }
    return new SelfCheck(features, stage, newOrder, image, function, message, newPath);
  }
}
