package dev.sigill.analysis;

import dev.sigill.isa.x86.X86Decoder;

/** Branches: on which checks they depend, and which ways out of their blocks that leaves. */
final class Branches {
  private final BlockVisit visit;
  private final Interpretation interpretation;
  private final X86Decoder decoder;
  private final State state;
  private final Flags flags;
  private final BlockEnds ends;

  Branches(BlockVisit visit, Flags flags, BlockEnds ends) {
    this.visit = visit;
    this.interpretation = visit.interpretation;
    this.decoder = visit.decoder;
    this.state = visit.state;
    this.flags = flags;
    this.ends = ends;
  }

  /** Goes through the branch at the end of the block. */
  void branch() {
    int block = visit.block;
    int condition = decoder.condition();
    if (condition < 0) {
      // LOOP and JRCXZ: the counter decides.
      boolean isTainted = Values.isTainted(state.register[Registers.RCX]);
      ends.depend(block, isTainted, Guards.UNKNOWN, Guards.UNKNOWN);
      return;
    }
    force(block, condition);
    if (visit.decides() && !state.flagTaint) {
      decide(block, condition);
    }
    if (Values.kind(state.flagLeft) == Values.HIGHEST_LEAF) {
      decideAboveZero(block, condition);
    }
    int taken = flags.implied(condition);
    int through = flags.implied(condition ^ 1);
    ends.depend(block, state.flagTaint, through, taken);
  }

  /**
   * Notes the successor that is taken only where a variable of the environment is set, or where a
   * function was chosen before.
   */
  private void force(int block, int condition) {
    int chosen = chosenFunction();
    if (chosen > Guards.UNKNOWN) {
      ends.force(block, equalWay(block, condition), chosen);
    } else if (isEnvironmentTest()) {
      ends.force(block, equalWay(block, condition ^ 1), Guards.ENVIRONMENT);
    } else {
      ends.force(block, -1, Guards.NONE);
    }
  }

  /** Whether what the environment answered is compared with null. */
  private boolean isEnvironmentTest() {
    boolean isNullTest =
        state.flagKind == State.FLAGS_TEST
            || state.flagKind == State.FLAGS_COMPARE
                && Values.isConstant(state.flagRight)
                && Values.number(state.flagRight) == 0;
    return isNullTest
        && Values.kind(state.flagLeft) == Values.EXTERNAL
        && interpretation.externalName(state.flagLeft).equals(CpuCheckSources.ENVIRONMENT);
  }

  /** The successor for which a comparison found both sides equal, or -1. */
  private int equalWay(int block, int condition) {
    if (!ends.hasTwoWays(block)) {
      return -1;
    }
    return switch (condition) {
      case Flags.EQUAL -> ends.taken(block);
      case Flags.NOT_EQUAL -> ends.through(block);
      default -> -1;
    };
  }

  /**
   * Where something is compared with the address of a function: the check behind which that address
   * is stored wherever it is.
   */
  private int chosenFunction() {
    if (state.flagKind != State.FLAGS_COMPARE || state.flagTaint || state.flagSize != 8) {
      return Guards.NONE;
    }
    int left = interpretation.storedBehind(state.flagLeft, visit.function.number);
    return left != Guards.NONE
        ? left
        : interpretation.storedBehind(state.flagRight, visit.function.number);
  }

  /** A comparison of a number above zero with zero or one: takes the way that this decides. */
  private void decideAboveZero(int block, int condition) {
    if (!ends.hasTwoWays(block)) {
      return;
    }
    boolean isWithNumber =
        state.flagKind == State.FLAGS_COMPARE && Values.isConstant(state.flagRight);
    long right = isWithNumber ? Values.number(state.flagRight) : -1;
    if (state.flagKind == State.FLAGS_TEST || right == 0) {
      switch (condition) {
        case Flags.EQUAL, Flags.BELOW_OR_EQUAL, Flags.LESS_OR_EQUAL ->
            ends.goOnlyTo(ends.through(block));
        case Flags.NOT_EQUAL, Flags.ABOVE, Flags.GREATER -> ends.goOnlyTo(ends.taken(block));
        default -> {}
      }
    } else if (right == 1) {
      switch (condition) {
        case Flags.CARRY, Flags.LESS -> ends.goOnlyTo(ends.through(block));
        case Flags.NOT_CARRY, Flags.GREATER_OR_EQUAL -> ends.goOnlyTo(ends.taken(block));
        default -> {}
      }
    }
  }

  /** Takes the way that known numbers decide, or two known places of one image. */
  private void decide(int block, int condition) {
    if (!ends.hasTwoWays(block)) {
      return;
    }
    boolean isCompared = state.flagKind == State.FLAGS_COMPARE;
    if (isCompared && areInOneImage(state.flagLeft, state.flagRight)) {
      int order = Long.compare(Values.payload(state.flagLeft), Values.payload(state.flagRight));
      goWhere(block, condition, order, order);
    } else if (Values.isConstant(state.flagLeft)
        && (state.flagKind == State.FLAGS_TEST
            || isCompared && Values.isConstant(state.flagRight))) {
      int size = state.flagSize;
      long left = Values.number(state.flagLeft);
      long right = isCompared ? Values.number(state.flagRight) : 0;
      goWhere(
          block,
          condition,
          Long.compareUnsigned(Values.mask(left, size), Values.mask(right, size)),
          Long.compare(Values.signExtended(left, size), Values.signExtended(right, size)));
    }
  }

  private static boolean areInOneImage(long left, long right) {
    return Values.kind(left) == Values.ADDRESS
        && Values.kind(right) == Values.ADDRESS
        && Interpretation.imageNumberOf(Values.payload(left))
            == Interpretation.imageNumberOf(Values.payload(right));
  }

  /**
   * Takes the way of a condition on two things compared.
   *
   * @param order how they compare as unsigned numbers
   * @param signedOrder how they compare as signed ones
   */
  private void goWhere(int block, int condition, int order, int signedOrder) {
    int isMet =
        switch (condition) {
          case Flags.EQUAL -> order == 0 ? 1 : 0;
          case Flags.NOT_EQUAL -> order != 0 ? 1 : 0;
          case Flags.ABOVE -> order > 0 ? 1 : 0;
          case Flags.NOT_CARRY -> order >= 0 ? 1 : 0;
          case Flags.CARRY -> order < 0 ? 1 : 0;
          case Flags.BELOW_OR_EQUAL -> order <= 0 ? 1 : 0;
          case Flags.GREATER -> signedOrder > 0 ? 1 : 0;
          case Flags.GREATER_OR_EQUAL -> signedOrder >= 0 ? 1 : 0;
          case Flags.LESS -> signedOrder < 0 ? 1 : 0;
          case Flags.LESS_OR_EQUAL -> signedOrder <= 0 ? 1 : 0;
          default -> -1;
        };
    if (isMet >= 0) {
      ends.goOnlyTo(isMet == 0 ? ends.through(block) : ends.taken(block));
    }
  }
}
