package dev.sigill.analysis;

/** When in a program's life something stops it, earliest first. */
public enum Stage {
  INSTALL,
  LOAD,
  IMPORT,
  USE
}
