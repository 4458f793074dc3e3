package dev.sigill.image.lookup;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A value that is made when it is first asked for, once, whichever thread asks. */
public final class Lazy<T> {
  private final Supplier<T> maker;
  private volatile @Nullable T value;

  public Lazy(Supplier<T> maker) {
    this.maker = maker;
  }

  /** The value. */
  public T get() {
    T known = value;
    return known == null ? make() : known;
  }

  private synchronized T make() {
    T known = value;
    if (known == null) {
      known = maker.get();
      value = known;
    }
    return known;
  }
}
