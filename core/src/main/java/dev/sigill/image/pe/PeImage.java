package dev.sigill.image.pe;

import dev.sigill.image.Image;

/** Placeholder. */
public abstract non-sealed class PeImage implements Image {}
