/** Renders verdicts, explanations, installations and machines as text and JSON. */
module dev.sigill.report {
  requires static transitive org.jspecify;
  requires transitive dev.sigill;
  requires transitive dev.sigill.crash;
  requires transitive dev.sigill.probe;
  requires tools.jackson.core;

  exports dev.sigill.report;
}
