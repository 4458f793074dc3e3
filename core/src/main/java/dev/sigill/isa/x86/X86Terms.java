package dev.sigill.isa.x86;

import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.isa.FeatureTerm;
import java.util.ArrayList;

/** The feature terms of x86-64 instructions, by the numbers that {@link X86Decoder#term} gives. */
public final class X86Terms {
  private static final FeatureTerm[] TERMS = read();
  private static final int[] WITH_APX =
      X86Tables.Text.TERMS_WITH_APX.lines().mapToInt(Integer::parseInt).toArray();

  /** The number of the term that is BMI1 alone. */
  static final int BMI1 = indexOf("bmi1");

  /** The number of the term that is LZCNT alone. */
  static final int LZCNT = indexOf("lzcnt");

  private X86Terms() {}

  /**
   * The term of a number.
   *
   * @throws IndexOutOfBoundsException for a number that no instruction has
   */
  public static FeatureTerm term(int id) {
    return TERMS[id];
  }

  /** How many terms there are; their numbers begin at 0. */
  public static int count() {
    return TERMS.length;
  }

  /** The term of an instruction that also uses registers or prefixes of APX. */
  static int withApx(int term) {
    return WITH_APX[term];
  }

  private static int indexOf(String term) {
    return X86Tables.Text.TERMS.lines().toList().indexOf(term);
  }

  private static FeatureTerm[] read() {
    return X86Tables.Text.TERMS.lines().map(X86Terms::parse).toArray(FeatureTerm[]::new);
  }

  private static FeatureTerm parse(String line) {
    var alternatives = new ArrayList<FeatureSet>();
    for (String alternative : line.split("\\|")) {
      FeatureSet set = FeatureSet.empty();
      if (!alternative.equals("base")) {
        for (String feature : alternative.split(",")) {
          set = set.with(FeatureSet.of(Feature.byId(feature)));
        }
      }
      alternatives.add(set);
    }
    return new FeatureTerm(alternatives);
  }
}
