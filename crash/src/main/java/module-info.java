/** From a crash report or an error message to its cause. */
module dev.sigill.crash {
  requires static transitive org.jspecify;
  requires transitive dev.sigill;
  requires org.apache.commons.compress;
  requires org.tukaani.xz;
  requires aircompressor.v3;
  requires tools.jackson.core;
  requires tools.jackson.databind;

  exports dev.sigill.crash;
}
