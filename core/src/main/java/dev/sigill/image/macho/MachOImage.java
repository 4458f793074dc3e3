package dev.sigill.image.macho;

import dev.sigill.image.Image;

/** Placeholder. */
public abstract non-sealed class MachOImage implements Image {}
