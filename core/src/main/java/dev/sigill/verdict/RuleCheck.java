package dev.sigill.verdict;

import java.util.function.Consumer;

/** One rule, or a few that look at the same facts. Pure: the same case gives the same findings. */
@FunctionalInterface
interface RuleCheck {
  void check(Case judged, Consumer<Found> found);
}
