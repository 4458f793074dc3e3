package dev.sigill.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Messages that people reported in public, with the causes that the text alone supports. */
final class ReportedCases {
  /**
   * One of them.
   *
   * @param expected the causes, best first
   * @param isExplainable whether the text alone says enough
   */
  record Case(String id, String symptom, List<String> expected, boolean isExplainable) {}

  private ReportedCases() {}

  static List<Case> all() throws IOException {
    var cases = new ArrayList<Case>();
    JsonMapper mapper = JsonMapper.builder().build();
    try (var in = ReportedCases.class.getResourceAsStream("reported.jsonl");
        var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line; (line = lines.readLine()) != null; ) {
        JsonNode node = mapper.readTree(line);
        var expected = new ArrayList<String>();
        node.path("expected").forEach(e -> expected.add(e.stringValue()));
        cases.add(
            new Case(
                node.path("id").stringValue(),
                node.path("symptom").stringValue(),
                expected,
                node.path("explainable").booleanValue()));
      }
    }
    return cases;
  }
}
