package dev.sigill.isa;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every feature's spellings against {@code features.tsv}, whose head says where they come from. */
class FeatureTableTest {
  @TestFactory
  Stream<DynamicTest> feature_isSpelledAsItsSourcesSay() throws IOException {
    return rows().stream()
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row.getFirst(),
                    () -> {
                      Feature feature = Feature.byId(row.getFirst());
                      assertThat(
                              List.of(
                                  feature.id(),
                                  place(feature.cpuid()),
                                  orDash(feature.linuxName()),
                                  orDash(feature.llvmName()),
                                  orDash(feature.sysctlName()),
                                  orDash(feature.level())))
                          .isEqualTo(row);
                    }));
  }

  @Test
  void everyFeature_isInTheTable_once() throws IOException {
    assertThat(rows().stream().map(List::getFirst))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Feature.values()).map(Feature::id).toList());
  }

  private static String place(Feature.@Nullable CpuidBit bit) {
    return bit == null
        ? "-"
        : Integer.toHexString(bit.leaf())
            + " "
            + bit.subleaf()
            + " "
            + bit.register()
            + " "
            + (bit.bit() < 0 ? "version" : String.valueOf(bit.bit()));
  }

  private static String orDash(String name) {
    return name.isEmpty() ? "-" : name;
  }

  private static List<List<String>> rows() throws IOException {
    var rows = new ArrayList<List<String>>();
    try (InputStream in = FeatureTableTest.class.getResourceAsStream("features.tsv")) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        if (!line.startsWith("#")) {
          rows.add(List.of(line.split("\t")));
        }
      }
    }
    return rows;
  }
}
