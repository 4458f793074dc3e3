package dev.sigill.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.analysis.Certainty;
import dev.sigill.analysis.ContainedCode;
import dev.sigill.analysis.CpuCheck;
import dev.sigill.analysis.InstructionNeed;
import dev.sigill.analysis.Requirements;
import dev.sigill.analysis.SelfCheck;
import dev.sigill.analysis.Stage;
import dev.sigill.analysis.StageRequirements;
import dev.sigill.analysis.TargetRequirements;
import dev.sigill.bytes.Place;
import dev.sigill.bytes.Problem;
import dev.sigill.image.Format;
import dev.sigill.image.Image;
import dev.sigill.image.Needed;
import dev.sigill.image.PlatformVersion;
import dev.sigill.image.VersionNeed;
import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.isa.FeatureTerm;
import dev.sigill.platform.Architecture;
import dev.sigill.platform.OperatingSystem;
import dev.sigill.source.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequirementsStoreTest {
  @TempDir Path folder;

  private static TargetRequirements requirements() {
    var term =
        new FeatureTerm(List.of(FeatureSet.of(Feature.AVX, Feature.FMA), FeatureSet.empty()));
    var need =
        new InstructionNeed(
            term,
            Stage.LOAD,
            Certainty.REACHABLE,
            new CpuCheck(FeatureSet.of(Feature.AVX), true, false, false),
            3,
            "a.so",
            "f(int)+0x1",
            -1L,
            "c5f857c0",
            "vxorps xmm0, xmm0, xmm0",
            List.of("initialiser 0", "f(int)"));
    var check =
        new SelfCheck(
            FeatureSet.of(Feature.AVX), Stage.IMPORT, 4, "a.so", "g()", "no AVX…", List.of());
    var load =
        new StageRequirements(
            true, List.of(need), List.of(check), 5, 1L << 40, List.of(term), List.of());
    var image =
        new Requirements(
            "a.so",
            Format.ELF,
            Architecture.X86_64,
            true,
            Image.Kind.SHARED_LIBRARY,
            new PlatformVersion(OperatingSystem.LINUX, "", ""),
            "a.so",
            List.of(new Needed("libc.so.6", false, "")),
            List.of("$ORIGIN"),
            List.of(new VersionNeed("libc.so.6", "GLIBC_2.17", true)),
            4096,
            true,
            2,
            "",
            List.of("PyInit_a"),
            List.of("offered"),
            "libgomp",
            load,
            StageRequirements.none(),
            StageRequirements.notAnalysed("why"),
            new ContainedCode(true, List.of(term), 10, 9),
            List.of(
                new Problem(
                    Problem.Code.LIMIT,
                    Place.of("a.so"),
                    "sh_size",
                    1,
                    2,
                    Problem.Effect.NOTHING_LOST)));
    return new TargetRequirements(
        "a.so",
        "a.so",
        Source.Kind.FILE,
        List.of(),
        Optional.empty(),
        List.of(image),
        Map.of("a.so.1", "a.so"),
        List.of());
  }

  private Path settledFile(String name, String content) throws IOException {
    Path file = Files.writeString(folder.resolve(name), content);
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(1))));
    return file;
  }

  /** Like the store's own, without the wait for the file system's clock. */
  private static Key settledKey(Path file) throws IOException {
    var collector = new Key.Collector();
    FileStamp.of(file).addTo(collector);
    return collector.toKey();
  }

  @Test
  void requirements_keptAndFound_areTheSame() {
    var store = RequirementsStore.in(folder.resolve("cache"), RequirementsStore.STANDARD_BYTES);
    Key key = new Key.Collector().add("x").toKey();

    assertThat(store.get(key)).isEmpty();
    assertThat(store.put(key, requirements())).isTrue();
    assertThat(store.get(key)).contains(requirements());
  }

  @Test
  void entryThatIsSoundButNoRequirements_isIgnored() {
    Path cache = folder.resolve("cache");
    Key key = new Key.Collector().add("x").toKey();
    new EntryFiles(cache.resolve("requirements"), 1000).put(key, new byte[] {1, 2, 3});

    assertThat(RequirementsStore.in(cache, 1000).get(key)).isEmpty();
  }

  @Test
  void stamp_ofAnUnchangedFile_isTheSame_ofAChangedOneNot() throws IOException {
    Path file = settledFile("a.so", "one");
    Key before = settledKey(file);
    assertThat(settledKey(file)).isEqualTo(before);

    Files.writeString(file, "two");
    // The time of the last write set back, as cp -p and archives do: the change of status shows.
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(1))));
    assertThat(settledKey(file)).isNotEqualTo(before);
  }

  @Test
  void fileWrittenJustNow_isNotSettled() throws IOException {
    Path file = Files.writeString(folder.resolve("a.so"), "one");

    assertThat(FileStamp.of(file).isSettledAt(Instant.now())).isFalse();
    assertThat(FileStamp.of(file).isSettledAt(Instant.now().plusSeconds(3))).isTrue();
    assertThat(RequirementsStore.key("a.so", List.of(file), List.of())).isEmpty();
  }

  @Test
  void key_dependsOnTargetFilesAndFacts() {
    // A file of the running Java is settled.
    Path file = Path.of(System.getProperty("java.home"), "release");
    Key key = RequirementsStore.key("a", List.of(file), List.of("x")).orElseThrow();

    assertThat(RequirementsStore.key("a", List.of(file), List.of("x"))).contains(key);
    assertThat(RequirementsStore.key("b", List.of(file), List.of("x")).orElseThrow())
        .isNotEqualTo(key);
    assertThat(RequirementsStore.key("a", List.of(file), List.of("y")).orElseThrow())
        .isNotEqualTo(key);
    assertThat(RequirementsStore.key("a", List.of(), List.of("x")).orElseThrow()).isNotEqualTo(key);
    assertThat(RequirementsStore.key("a", List.of(folder.resolve("none")), List.of())).isEmpty();
  }

  @Test
  void parts_thatRunTogetherAlike_haveDifferentKeys() {
    assertThat(new Key.Collector().add("ab").add("c").toKey())
        .isNotEqualTo(new Key.Collector().add("a").add("bc").toKey());
  }

  @Test
  void cacheFolder_followsEachPlatformsCustom() {
    Path home = folder.resolve("home");
    Stream.of("Linux", "Mac OS X", "Windows 11")
        .forEach(
            system ->
                assertThat(
                        CacheFolder.of(
                            name ->
                                name.equals("LOCALAPPDATA")
                                    ? home.resolve("AppData").toString()
                                    : null,
                            name -> name.equals("os.name") ? system : home.toString()))
                    .contains(
                        switch (system) {
                          case "Linux" -> home.resolve(".cache/sigill");
                          case "Mac OS X" -> home.resolve("Library/Caches/sigill");
                          default -> home.resolve("AppData/sigill");
                        }));
    assertThat(
            CacheFolder.of(
                name -> name.equals("SIGILL_CACHE_DIR") ? home.toString() : null,
                name -> name.equals("os.name") ? "Linux" : "/other"))
        .contains(home);
    assertThat(
            CacheFolder.of(
                name -> name.equals("XDG_CACHE_HOME") ? "relative" : null,
                name -> name.equals("os.name") ? "Linux" : null))
        .isEmpty();
  }
}
