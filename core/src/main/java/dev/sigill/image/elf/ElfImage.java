package dev.sigill.image.elf;

import dev.sigill.image.Image;

/** Placeholder. */
public abstract non-sealed class ElfImage implements Image {}
