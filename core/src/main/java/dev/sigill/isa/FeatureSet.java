package dev.sigill.isa;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;

/** An immutable set of features. */
public final class FeatureSet {
  private static final Feature[] ALL = Feature.values();
  private static final FeatureSet EMPTY = new FeatureSet(new BitSet());

  private final BitSet bits;

  private FeatureSet(BitSet bits) {
    this.bits = bits;
  }

  public static FeatureSet empty() {
    return EMPTY;
  }

  public static FeatureSet of(Feature... features) {
    return of(List.of(features));
  }

  public static FeatureSet of(Collection<Feature> features) {
    var bits = new BitSet(ALL.length);
    features.forEach(f -> bits.set(f.ordinal()));
    return new FeatureSet(bits);
  }

  public boolean contains(Feature feature) {
    return bits.get(feature.ordinal());
  }

  public boolean containsAll(FeatureSet other) {
    var rest = (BitSet) other.bits.clone();
    rest.andNot(bits);
    return rest.isEmpty();
  }

  public boolean isEmpty() {
    return bits.isEmpty();
  }

  /** Both together. */
  public FeatureSet with(FeatureSet other) {
    var union = (BitSet) bits.clone();
    union.or(other.bits);
    return new FeatureSet(union);
  }

  /** These without those. */
  public FeatureSet without(FeatureSet other) {
    var rest = (BitSet) bits.clone();
    rest.andNot(other.bits);
    return new FeatureSet(rest);
  }

  /** The features in the order of the table. */
  public List<Feature> toList() {
    var out = new ArrayList<Feature>(bits.cardinality());
    bits.stream().forEach(i -> out.add(ALL[i]));
    return List.copyOf(out);
  }

  /** The features' ids in the order of the table. */
  public List<String> ids() {
    return toList().stream().map(Feature::id).toList();
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof FeatureSet other && bits.equals(other.bits);
  }

  @Override
  public int hashCode() {
    return bits.hashCode();
  }

  @Override
  public String toString() {
    return ids().toString();
  }
}
