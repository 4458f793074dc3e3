package dev.sigill.analysis;

/** What the flags were set from, and what holds where a condition on them is met. */
final class Flags {
  // Condition codes, Intel SDM volume 1, appendix B. The lowest bit negates.
  static final int CARRY = 2;
  static final int NOT_CARRY = 3;
  static final int EQUAL = 4;
  static final int NOT_EQUAL = 5;
  static final int BELOW_OR_EQUAL = 6;
  static final int ABOVE = 7;
  static final int SIGN = 8;
  static final int NOT_SIGN = 9;
  static final int LESS = 12;
  static final int GREATER_OR_EQUAL = 13;
  static final int LESS_OR_EQUAL = 14;
  static final int GREATER = 15;

  private final Values values;
  private final State state;

  Flags(BlockVisit visit) {
    this.values = visit.values;
    this.state = visit.state;
  }

  /** Sets them as an instruction does that compares its result with zero. */
  void of(long value, int size) {
    state.flagKind = State.FLAGS_TEST;
    state.flagLeft = value;
    state.flagRight = 0;
    state.flagSize = size;
    state.flagTaint = Values.isTainted(value);
  }

  /** Sets them as a comparison or a subtraction does. */
  void compare(long left, long right, int size) {
    state.flagKind = State.FLAGS_COMPARE;
    state.flagLeft = left;
    state.flagRight = right;
    state.flagSize = size;
    state.flagTaint = Values.isTainted(left) || Values.isTainted(right);
  }

  /** Sets the carry flag to a bit of a value. */
  void bit(long value, int number, int size) {
    state.flagKind = State.FLAGS_BIT;
    state.flagLeft = value;
    state.flagRight = number;
    state.flagSize = size;
    state.flagTaint = values.tellsByBit(value, number);
  }

  /** Sets them in a way that is not followed. */
  void other(boolean isTainted) {
    state.flagKind = State.FLAGS_OTHER;
    state.flagLeft = 0;
    state.flagRight = 0;
    state.flagSize = 0;
    state.flagTaint = isTainted;
  }

  /** What holds where a condition is met; {@link Guards#NONE} where no check is involved. */
  int implied(int condition) {
    if (!state.flagTaint) {
      return Guards.NONE;
    }
    int implied =
        switch (state.flagKind) {
          case State.FLAGS_TEST -> impliedByTest(condition, state.flagLeft, state.flagSize);
          case State.FLAGS_COMPARE ->
              impliedByCompare(condition, state.flagLeft, state.flagRight, state.flagSize);
          case State.FLAGS_BIT ->
              switch (condition) {
                case CARRY -> values.impliedByBit(state.flagLeft, (int) state.flagRight);
                case NOT_CARRY -> values.impliedByClearBit(state.flagLeft, (int) state.flagRight);
                default -> Guards.UNKNOWN;
              };
          default -> Guards.UNKNOWN;
        };
    return Math.max(implied, Guards.UNKNOWN);
  }

  private int impliedByTest(int condition, long value, int size) {
    return switch (condition) {
      case NOT_EQUAL, ABOVE, GREATER -> values.impliedByNonZero(value, size);
      case EQUAL, BELOW_OR_EQUAL -> values.impliedByZero(value, size);
      case LESS_OR_EQUAL -> values.impliedWhere(value, x -> Values.signExtended(x, size) <= 0);
      case SIGN, LESS -> values.impliedByBit(value, size * 8 - 1);
      case NOT_SIGN, GREATER_OR_EQUAL -> values.impliedByClearBit(value, size * 8 - 1);
      default -> Guards.UNKNOWN;
    };
  }

  private int impliedByCompare(int condition, long left, long right, int size) {
    if (!Values.isConstant(right)) {
      if (Values.isConstant(left)) {
        return switch (condition) {
          case EQUAL, NOT_EQUAL -> impliedByCompare(condition, right, left, size);
          default -> Guards.UNKNOWN;
        };
      }
      return Guards.UNKNOWN;
    }
    long number = Values.number(right);
    if (number == 0 && condition != SIGN && condition != LESS) {
      int zero = impliedByTest(condition, left, size);
      if (zero != Guards.UNKNOWN) {
        return zero;
      }
    }
    if (condition == EQUAL) {
      return values.impliedByEqual(left, number, size);
    }
    long unsignedRight = Values.mask(number, size);
    long signedRight = Values.signExtended(number, size);
    return values.impliedWhere(
        left,
        x -> {
          long unsignedLeft = Values.mask(x, size);
          long signedLeft = Values.signExtended(x, size);
          return switch (condition) {
            case NOT_EQUAL -> unsignedLeft != unsignedRight;
            case ABOVE -> Long.compareUnsigned(unsignedLeft, unsignedRight) > 0;
            case NOT_CARRY -> Long.compareUnsigned(unsignedLeft, unsignedRight) >= 0;
            case CARRY -> Long.compareUnsigned(unsignedLeft, unsignedRight) < 0;
            case BELOW_OR_EQUAL -> Long.compareUnsigned(unsignedLeft, unsignedRight) <= 0;
            case GREATER -> signedLeft > signedRight;
            case GREATER_OR_EQUAL -> signedLeft >= signedRight;
            case LESS -> signedLeft < signedRight;
            case LESS_OR_EQUAL -> signedLeft <= signedRight;
            default -> true;
          };
        });
  }
}
