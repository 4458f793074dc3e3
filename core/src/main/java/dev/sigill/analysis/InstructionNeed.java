package dev.sigill.analysis;

import dev.sigill.isa.FeatureTerm;
import java.util.ArrayList;
import java.util.List;

/**
 * An instruction that is reached, and what it needs.
 *
 * @param term the features it needs
 * @param stage when it is reached
 * @param certainty how sure that is
 * @param check what a check before it asks for that does not imply the need; {@link CpuCheck#NONE}
 *     where none stands before it
 * @param order its place in the order of execution, comparable with that of {@link SelfCheck}s
 * @param image path of the image that holds it, which may be a library of the image analysed
 * @param function the function that holds it, readable, with the offset, or empty where no name is
 *     left
 * @param address its virtual address, as linked
 * @param bytes its bytes in hexadecimal
 * @param instruction its text in Intel syntax
 * @param path the way to it: the initialiser first, then each function called
 * @param merged whether its function is a copy that the linker kept of several; {@link
 *     MergedFunction#NONE} where nothing says so
 */
public record InstructionNeed(
    FeatureTerm term,
    Stage stage,
    Certainty certainty,
    CpuCheck check,
    int order,
    String image,
    String function,
    long address,
    String bytes,
    String instruction,
    List<String> path,
    MergedFunction merged) {
  public InstructionNeed {
    path = List.copyOf(path);
  }

  /** Of whose function nothing is known. */
  public InstructionNeed(
      FeatureTerm term,
      Stage stage,
      Certainty certainty,
      CpuCheck check,
      int order,
      String image,
      String function,
      long address,
      String bytes,
      String instruction,
      List<String> path) {
    this(
        term,
        stage,
        certainty,
        check,
        order,
        image,
        function,
        address,
        bytes,
        instruction,
        path,
        MergedFunction.NONE);
  }

  /** The same with what is known of its function. */
  InstructionNeed merged(MergedFunction newMerged) {
    return new InstructionNeed(
        term,
        stage,
        certainty,
        check,
        order,
        image,
        function,
        address,
        bytes,
        instruction,
        path,
        newMerged);
  }

  /** The same at another place in the order, with more said of its root. */
  InstructionNeed placed(int newOrder, String rootSuffix) {
    var newPath = new ArrayList<>(path);
    if (!newPath.isEmpty()) {
      newPath.set(0, newPath.getFirst() + rootSuffix);
    }
    return new InstructionNeed(
        term,
        stage,
        certainty,
        check,
        newOrder,
        image,
        function,
        address,
        bytes,
        instruction,
        newPath,
        merged);
  }
}
