package dev.sigill.isa.x86;

import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.isa.FeatureTerm;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** The feature terms of x86-64 instructions, by the numbers that {@link X86Decoder#term} gives. */
public final class X86Terms {
  private static final String[] LINES = X86Tables.lines(X86Tables.Text.TERMS);
  private static final int[] WITH_APX = numbers(X86Tables.lines(X86Tables.Text.TERMS_WITH_APX));

  /** Made when first asked for. Two threads may make one each; they are equal. */
  private static final AtomicReferenceArray<FeatureTerm> TERMS =
      new AtomicReferenceArray<>(LINES.length);

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
    FeatureTerm known = TERMS.get(id);
    if (known == null) {
      known = parse(LINES[id]);
      TERMS.set(id, known);
    }
    return known;
  }

  /** How many terms there are; their numbers begin at 0. */
  public static int count() {
    return LINES.length;
  }

  /** The term of an instruction that also uses registers or prefixes of APX. */
  static int withApx(int term) {
    return WITH_APX[term];
  }

  private static int indexOf(String term) {
    for (int i = 0; i < LINES.length; i++) {
      if (LINES[i].equals(term)) {
        return i;
      }
    }
    throw new IllegalStateException(term);
  }

  private static int[] numbers(String[] lines) {
    var out = new int[lines.length];
    for (int i = 0; i < lines.length; i++) {
      out[i] = Integer.parseInt(lines[i]);
    }
    return out;
  }

  private static FeatureTerm parse(String line) {
    var alternatives = new ArrayList<FeatureSet>();
    for (String alternative : line.split("\\|")) {
      var features = new ArrayList<Feature>();
      if (!alternative.equals("base")) {
        for (String feature : alternative.split(",")) {
          features.add(Feature.byId(feature));
        }
      }
      alternatives.add(FeatureSet.of(features));
    }
    return new FeatureTerm(alternatives);
  }
}
