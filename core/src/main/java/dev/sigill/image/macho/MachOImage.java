package dev.sigill.image.macho;

import dev.sigill.image.Image;

/** Placeholder. */
public abstract non-sealed class MachOImage implements Image {
  /** The format's own finer name for the processor, or empty. */
  public abstract String subtype();
}
