package dev.sigill.image.pe;

import dev.sigill.image.Image;

/** Placeholder. */
public abstract non-sealed class PeImage implements Image {
  /** The format's own finer name for the processor, or empty. */
  public abstract String subtype();
}
