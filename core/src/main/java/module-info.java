/**
 * Sigill: whether native code runs on a machine, and if not, when it stops, why, and what fixes it.
 */
module dev.sigill {
  requires static transitive org.jspecify;
  requires java.management;
  requires org.apache.commons.compress;
  requires org.tukaani.xz;
  requires tools.jackson.databind;

  exports dev.sigill;
  exports dev.sigill.analysis;
  exports dev.sigill.bytes;
  exports dev.sigill.image;
  exports dev.sigill.image.elf;
  exports dev.sigill.image.macho;
  exports dev.sigill.image.name;
  exports dev.sigill.image.pe;
  exports dev.sigill.installation;
  exports dev.sigill.isa;
  exports dev.sigill.isa.x86;
  exports dev.sigill.machine;
  exports dev.sigill.platform;
  exports dev.sigill.python;
  exports dev.sigill.source;
  exports dev.sigill.store;
  exports dev.sigill.verdict;
}
