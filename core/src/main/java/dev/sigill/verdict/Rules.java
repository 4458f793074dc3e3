package dev.sigill.verdict;

import dev.sigill.analysis.TargetRequirements;
import dev.sigill.machine.Machine;

/** Compares what a target requires with what a machine has. */
public final class Rules {
  private Rules() {}

  /** The verdict on one machine, with every finding behind it. */
  public static Result judge(TargetRequirements target, Machine machine) {
    throw new IllegalStateException("placeholder " + target + machine);
  }
}
