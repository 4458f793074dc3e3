package dev.sigill.accuracy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PackageEntryTest {
  @Test
  void aLine_givesNameVersionModulesAndNeeds() {
    List<PackageEntry> read = PackageEntry.parse("# note\n\na\t1.2\tb,b.c\td,e>=2\nf\t-\tg\n");
    assertThat(read).hasSize(2);
    assertThat(read.getFirst().modules()).containsExactly("b", "b.c");
    assertThat(read.getFirst().pipArguments()).containsExactly("a==1.2", "d", "e>=2");
    assertThat(read.getLast().pipArguments()).containsExactly("f");
  }

  @Test
  void aLineWithoutModules_isRefused() {
    assertThatThrownBy(() -> PackageEntry.parse("a\t1.2\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a\t1.2");
  }

  @Test
  void everyPackage_isListedOnce() {
    assertThat(PackageEntry.all())
        .extracting(p -> PythonEnvironment.normal(p.name()))
        .doesNotHaveDuplicates();
  }

  @Test
  void everyWorkload_belongsToAPackage() throws IOException {
    List<String> names = PackageEntry.all().stream().map(PackageEntry::name).toList();
    try (Stream<Path> files =
        Files.list(Path.of("src/main/resources/dev/sigill/accuracy/workloads"))) {
      assertThat(files.map(f -> f.getFileName().toString().replaceFirst("\\.py$", "")))
          .isNotEmpty()
          .allSatisfy(name -> assertThat(names).contains(name));
    }
  }
}
