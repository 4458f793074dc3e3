package dev.sigill.analysis;

import dev.sigill.Options;
import dev.sigill.Sigill;
import dev.sigill.isa.FeatureSet;
import dev.sigill.machine.Machines;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares what is said of images of published wheels with what happened when they were loaded on
 * emulated processors ({@code images.tsv} beside this class): the table of {@code
 * docs/accuracy.md}. Not a test: {@code java -cp … dev.sigill.analysis.ImagesMeasurement
 * FOLDER-WITH-WHEELS}.
 */
public final class ImagesMeasurement {
  private final Map<String, Integer> counts = new TreeMap<>();

  /** What was measured of one image on one processor. */
  private record Row(
      String image, String processor, String load, String importing, String faultOffset) {}

  private ImagesMeasurement() {}

  public static void main(String[] args) throws IOException {
    var measurement = new ImagesMeasurement();
    for (Map.Entry<String, List<Row>> wheel : truth().entrySet()) {
      Path file = Path.of(args[0]).resolve(wheel.getKey());
      if (Files.exists(file)) {
        measurement.compare(file, wheel.getValue());
      } else {
        System.out.println("not there: " + wheel.getKey());
      }
    }
    measurement.counts.forEach((what, count) -> System.out.println(what + ": " + count));
  }

  private static Map<String, List<Row>> truth() throws IOException {
    var out = new LinkedHashMap<String, List<Row>>();
    try (InputStream in = ImagesMeasurement.class.getResourceAsStream("images.tsv")) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        if (!line.startsWith("#")) {
          String[] cells = line.split("\t");
          out.computeIfAbsent(cells[0], _ -> new ArrayList<>())
              .add(new Row(cells[1], cells[2], cells[3], cells[4], cells[5]));
        }
      }
    }
    return out;
  }

  private void compare(Path wheel, List<Row> rows) throws IOException {
    TargetRequirements target =
        new Sigill(Options.standard().withUntil(Stage.IMPORT)).requirements(wheel);
    var byPath = new LinkedHashMap<String, Requirements>();
    target.images().forEach(image -> byPath.put(image.path(), image));
    for (Row row : rows) {
      Requirements image = byPath.get(row.image());
      if (image == null) {
        System.out.println("no such image: " + wheel.getFileName() + " " + row.image());
        continue;
      }
      FeatureSet processor = Machines.named(row.processor().toLowerCase(Locale.ROOT)).executes();
      compare("load", row.load(), image.load(), processor, wheel, row);
      if (row.load().equals("ok")) {
        compare("import", row.importing(), image.importing(), processor, wheel, row);
      }
    }
  }

  private void compare(
      String stage,
      String happened,
      StageRequirements said,
      FeatureSet processor,
      Path wheel,
      Row row) {
    if (!happened.equals("ok") && !happened.equals("SIGILL")) {
      return;
    }
    InstructionNeed first =
        said.instructions().stream()
            .filter(need -> !need.term().isMetBy(processor))
            .findFirst()
            .orElse(null);
    boolean dies = happened.equals("SIGILL");
    String what =
        dies
            ? first == null ? "dies, missed" : "dies, found"
            : first == null ? "runs, quiet" : "runs, accused";
    counts.merge(stage + " " + what, 1, Integer::sum);
    if (dies && first != null) {
      boolean isSame = row.faultOffset().equals("0x" + Long.toHexString(first.address()));
      counts.merge(stage + " instruction " + (isSame ? "the same" : "another"), 1, Integer::sum);
    }
    if (dies == (first == null)) {
      System.out.println(stage + " " + what + ": " + wheel.getFileName() + " " + row + " " + first);
    }
  }
}
