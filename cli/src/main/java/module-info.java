/** The command sigill. */
module dev.sigill.cli {
  requires static org.jspecify;
  requires dev.sigill.report;
  requires info.picocli;
}
