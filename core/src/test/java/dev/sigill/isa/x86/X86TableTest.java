package dev.sigill.isa.x86;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class X86TableTest {
  private static final Path CORE = Path.of("");

  @Test
  void generatedSource_regenerated_isWhatIsCommitted() throws IOException {
    assertThat(Files.readString(X86TableGenerator.target(CORE)))
        .as("run X86TableGenerator after a change of src/main/tables/x86")
        .isEqualTo(X86TableGenerator.generate(CORE));
  }

  @Test
  void rows_allOfThem_nameTheManualAndKnownFeatures() throws IOException {
    X86TableGenerator tables = X86TableGenerator.read(CORE);

    assertThat(tables.rows()).allSatisfy(row -> assertThat(row.section).isNotEmpty());
    assertThat(tables.features())
        .allSatisfy(id -> assertThat(id.equals("base") || Feature.find(id) != null).isTrue());
  }

  @Test
  void terms_allOfThem_haveAnAlternativeThatAMachineCanMeet() {
    assertThat(X86Terms.term(0).anyOf()).containsExactly(FeatureSet.empty());
    for (int id = 1; id < X86Terms.count(); id++) {
      assertThat(X86Terms.term(id).anyOf()).isNotEmpty().doesNotContain(FeatureSet.empty());
    }
  }

  @Test
  void evexTerms_shortVectors_alsoNeedVlOrAvx10() {
    var decoder = new X86Decoder();
    decode(decoder, "62f17d28fec2");
    assertThat(X86Terms.term(decoder.term()).anyOf())
        .containsExactly(
            FeatureSet.of(Feature.AVX512F, Feature.AVX512VL), FeatureSet.of(Feature.AVX10_1));
    decode(decoder, "62f17d48fec2");
    assertThat(X86Terms.term(decoder.term()).anyOf())
        .containsExactly(FeatureSet.of(Feature.AVX512F), FeatureSet.of(Feature.AVX10_1));
  }

  private static void decode(X86Decoder decoder, String hex) {
    byte[] code = Instructions.bytes(hex);
    assertThat(decoder.decode(code, 0, code.length, 0)).isEqualTo(code.length);
  }
}
