package dev.sigill.report;

import dev.sigill.analysis.CodePlace;
import dev.sigill.analysis.CpuCheck;
import dev.sigill.analysis.Protection;
import dev.sigill.isa.Feature;
import dev.sigill.verdict.Contained;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a target contains beyond a machine without requiring it there, and what protects it. */
final class ContainedText {
  private static final int IMAGES = 4;
  private static final int LINES = 5;
  private static final int TITLES = 5;

  private final Page page;

  ContainedText(Page page) {
    this.page = page;
  }

  void write(List<Contained> contained, String machines) {
    if (contained.isEmpty()) {
      return;
    }
    page.gap();
    page.wrapped("  ", page.strong("Contained, but not required on " + machines + ":"));
    Map<String, List<Contained>> images = new LinkedHashMap<>();
    for (Contained each : contained) {
      images.computeIfAbsent(each.image(), _ -> new ArrayList<>()).add(each);
    }
    int told = 0;
    for (var image : images.entrySet()) {
      if (told++ == IMAGES && !page.style().unfolded()) {
        page.gap();
        page.line(
            "  and "
                + Words.count(images.size() - IMAGES, "more library", "more libraries")
                + hint());
        return;
      }
      page.gap();
      page.line("  " + page.strong(image.getKey()));
      int lines = 0;
      for (Contained each : image.getValue()) {
        if (lines++ == LINES && !page.style().unfolded()) {
          int more = image.getValue().size() - LINES;
          page.line("    and " + Words.count(more, "more check", "more checks") + hint());
          break;
        }
        one(each);
      }
    }
  }

  private String hint() {
    return page.faint(" (`--all` shows everything)");
  }

  private void one(Contained contained) {
    Mark mark =
        switch (contained.kind()) {
          case GUARDED, INSUFFICIENT, ENVIRONMENT -> Mark.GOOD;
          case UNDECIDED, UNREACHED -> Mark.OPEN;
        };
    List<String> titles = contained.titles();
    String features =
        titles.size() <= TITLES || page.style().unfolded()
            ? Words.list(titles)
            : String.join(", ", titles.subList(0, TITLES))
                + " and "
                + (titles.size() - TITLES)
                + " more";
    page.wrapped(
        "    " + page.mark(mark) + " ",
        features
            + ": "
            + Words.count(contained.functions(), "function", "functions")
            + " "
            + why(contained));
    int most = page.style().unfolded() ? contained.examples().size() : 1;
    contained.examples().stream().limit(most).forEach(example -> example(contained, example));
  }

  private static String why(Contained contained) {
    CpuCheck check = contained.check();
    return switch (contained.kind()) {
      case GUARDED -> "behind a check that asks for " + asked(check);
      case INSUFFICIENT ->
          "behind a check that asks only for "
              + asked(check)
              + ": less than it needs, but this machine lacks that too";
      case ENVIRONMENT -> "run only where an environment variable asks for it";
      case UNDECIDED ->
          check.features().isEmpty()
              ? "behind a check that was not understood: whether it asks for enough is not decided"
              : "behind a check that asks for "
                  + asked(check)
                  + (check.asksForMore() ? "" : ", or for something else")
                  + ": whether that is enough is not decided";
      case UNREACHED -> "not reached: nothing that was followed leads there";
    };
  }

  /** {@code AVX2 and FMA, and whether the system saves AVX registers}. */
  static String asked(CpuCheck check) {
    var asked = new ArrayList<String>();
    List<Feature> features = check.features().toList();
    for (Feature feature : features) {
      // Whoever asks for AVX asks for this on the way.
      if (feature != Feature.XSAVE || features.size() == 1) {
        asked.add(feature.title());
      }
    }
    if (check.asksForMore()) {
      asked.add("more that was not understood");
    }
    String state =
        check.asksForAvx512State()
            ? "whether the system saves AVX-512 registers"
            : check.asksForAvxState() ? "whether the system saves AVX registers" : "";
    if (asked.isEmpty()) {
      return state;
    }
    return Words.list(asked) + (state.isEmpty() ? "" : ", and " + state);
  }

  private void example(Contained contained, Protection.Example example) {
    List<String> path = example.path();
    if (page.style().unfolded() && !path.isEmpty()) {
      page.wrapped("        way     ", String.join(page.style().unicode() ? " → " : " > ", path));
    }
    boolean isLed = contained.kind() != Protection.Kind.UNREACHED;
    if (isLed) {
      if (example.check().isNone()) {
        page.line("        check   " + page.faint("where it stands was not found"));
      } else {
        place("check", example.check(), contained.image());
      }
    }
    place(isLed ? "before" : "there", example.code(), contained.image());
  }

  private void place(String word, CodePlace place, String image) {
    String head = "        " + Page.padded(word, 6) + "  ";
    String code = Long.toHexString(place.address()) + "   " + place.instruction();
    String where = place.image().equals(image) ? "" : " in " + CheckText.baseName(place.image());
    if (place.function().isEmpty() && where.isEmpty()) {
      page.line(head + code);
      return;
    }
    String function = place.function().isEmpty() ? "" : place.function();
    int room = Math.max(30, page.style().width() - 16 - where.length());
    page.line(head + (page.style().unfolded() ? function : page.shortened(function, room)) + where);
    page.line("          " + "      " + page.faint(code));
  }
}
