package dev.sigill.machine;

import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A variable of the environment that has a library run code for another processor than this one,
 * whatever its own CPU check would say.
 *
 * @param variable its name
 * @param value what it is set to
 * @param software which library reads it
 * @param missing what the machine lacks of what that code needs, never empty
 */
public record ForcedPath(String variable, String value, String software, FeatureSet missing) {
  /** One line of {@code forced.paths}. */
  private record Known(String variable, String value, FeatureSet needs, String software) {}

  /** The variables set in an environment that name what a machine lacks, in the file's order. */
  public static List<ForcedPath> of(Map<String, String> environment, Machine machine) {
    var out = new ArrayList<ForcedPath>();
    for (Known known : Table.ALL) {
      String value = environment.get(known.variable());
      if (value != null && value.strip().equalsIgnoreCase(known.value())) {
        FeatureSet missing = known.needs().without(machine.executes());
        if (!missing.isEmpty()) {
          out.add(new ForcedPath(known.variable(), value.strip(), known.software(), missing));
        }
      }
    }
    return List.copyOf(out);
  }

  /** The lines of the file, read when first asked for. */
  private static final class Table {
    static final List<Known> ALL = read();

    private static List<Known> read() {
      var out = new ArrayList<Known>();
      try (InputStream in = ForcedPath.class.getResourceAsStream("forced.paths")) {
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        for (String line : text.split("\n")) {
          if (line.isBlank() || line.startsWith("#")) {
            continue;
          }
          String[] cells = line.split("\t");
          var features = new ArrayList<Feature>();
          for (String word : cells[2].split(" ")) {
            Feature feature = Feature.find(word);
            if (feature == null) {
              throw new IllegalStateException("forced.paths: no feature is called " + word);
            }
            features.add(feature);
          }
          out.add(new Known(cells[0], cells[1], FeatureSet.of(features), cells[3]));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return List.copyOf(out);
    }
  }
}
