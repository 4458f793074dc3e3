package dev.sigill.crash;

import dev.sigill.bytes.Problem;
import java.util.List;

/** A format of crash reports. */
interface ReportFormat {
  /** All formats, those that are told most surely first. */
  List<ReportFormat> ALL = List.of(new AppleReport(), new AppleTextReport(), new JvmErrorFile());

  /** What a person calls it. */
  String title();

  /** Whether a text is of this format; only its beginning is looked at. */
  boolean matches(String text);

  /**
   * Reads facts.
   *
   * @return the part in which signs are looked for: messages, not lists of libraries
   */
  String read(String text, Facts.Collected facts, List<Problem> problems, String name);
}
