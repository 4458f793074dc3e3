/** Runs programs unchanged, and says why they died. */
module dev.sigill.probe {
  requires static transitive org.jspecify;
  requires transitive dev.sigill;
  requires transitive dev.sigill.crash;
  requires tools.jackson.databind;

  exports dev.sigill.probe;
}
