/** Renders verdicts, installations and machines as text and JSON. */
module dev.sigill.report {
  requires static transitive org.jspecify;
  requires transitive dev.sigill;
  requires tools.jackson.core;

  exports dev.sigill.report;
}
