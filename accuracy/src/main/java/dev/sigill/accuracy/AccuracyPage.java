package dev.sigill.accuracy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The measured part of {@code docs/accuracy.md}: what stands between two markers. */
final class AccuracyPage {
  static final String BEGIN = "<!-- measured: from here on written by .ci/accuracy -->";
  static final String END = "<!-- measured: to here -->";

  private AccuracyPage() {}

  /** All figures. */
  static String text(List<Run> runs, List<Answer> answers, List<Answer> ofWheels) {
    Reasons reasons = Reasons.standard();
    var recorded = new RecordedTables(ofWheels, reasons);
    return "## Packages, run and asked about\n\n"
        + new PackageTables(runs, answers, reasons).text()
        + "\n"
        + RecordedTables.agreement(runs)
        + "\n## Published releases that were faulty, and their neighbours\n\n"
        + "Each wheel was run elsewhere in the same way; asked about is the wheel alone.\n\n"
        + recorded.releases()
        + "\n## Checks that do not imply what their code uses\n\n"
        + "Programs were run elsewhere on processors from which one feature was taken"
        + " (`haswell:-fma`); asked about is the wheel alone.\n\n"
        + recorded.gaps();
  }

  /**
   * Puts the figures into a page, in place of what stood between the markers.
   *
   * @throws IllegalArgumentException where a marker is missing
   */
  static String within(String page, String figures) {
    int begin = page.indexOf(BEGIN);
    int end = page.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalArgumentException("the page has no markers " + BEGIN + " and " + END);
    }
    return page.substring(0, begin + BEGIN.length())
        + "\n\n"
        + figures
        + "\n"
        + page.substring(end);
  }

  static void write(Path page, String figures) throws IOException {
    Files.writeString(page, within(Files.readString(page), figures));
  }
}
