/** How often the answers are right: packages run on emulated processors, and what was said. */
module dev.sigill.accuracy {
  requires static org.jspecify;
  requires dev.sigill.crash;
  requires tools.jackson.core;
  requires tools.jackson.databind;
}
