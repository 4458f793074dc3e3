package dev.sigill.accuracy;

import java.util.ArrayList;
import java.util.List;

/**
 * Why an answer and what happened differ, as far as it was found out: lines of {@code reasons.tsv}.
 */
final class Reasons {
  static final String UNEXPLAINED = "not explained yet";

  /** A reason; {@code *} stands for any. */
  private record Reason(String name, String stage, String image, String function, String text) {
    boolean fits(String packageName, String when, Judgement how, String file, String where) {
      return (name.equals("*") || name.equals(packageName))
          && (stage.equals("*") || stage.equals(when) || stage.equals(when + ":" + how))
          && (image.equals("*") || file.contains(image))
          && (function.equals("*") || where.contains(function));
    }
  }

  private final List<Reason> reasons = new ArrayList<>();

  /**
   * Reads lines of package, stage (also {@code use:MISSED}), part of the image's name, part of the
   * function's, reason.
   */
  Reasons(String text) {
    for (String line : text.lines().toList()) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] cells = line.split("\t");
        if (cells.length != 5) {
          throw new IllegalArgumentException("reasons.tsv needs five columns: " + line);
        }
        reasons.add(new Reason(cells[0], cells[1], cells[2], cells[3], cells[4]));
      }
    }
  }

  static Reasons standard() {
    return new Reasons(Resources.text("reasons.tsv"));
  }

  /** The first reason that fits; else, of an answer that leaves use open, why it says it does. */
  String ofOpen(
      String name, String stage, Judgement how, String image, String function, Answer answer) {
    String known = of(name, stage, how, image, function);
    boolean isOpen = how == Judgement.OPEN_DEATH;
    return known.equals(UNEXPLAINED) && isOpen && !answer.gaps().isEmpty()
        ? "left open: " + answer.gaps().getLast().replaceFirst("^.*: ", "")
        : known;
  }

  /** The first reason that fits. */
  String of(String name, String stage, Judgement how, String image, String function) {
    return reasons.stream()
        .filter(r -> r.fits(name, stage, how, image, function))
        .map(Reason::text)
        .findFirst()
        .orElse(UNEXPLAINED);
  }
}
