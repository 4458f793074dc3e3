package dev.sigill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigill.analysis.Stage;
import dev.sigill.analysis.TargetRequirements;
import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Problem;
import dev.sigill.platform.Architecture;
import dev.sigill.source.Distribution;
import dev.sigill.source.Interpreter;
import dev.sigill.source.Member;
import dev.sigill.source.PythonCode;
import dev.sigill.source.Source;
import dev.sigill.store.RequirementsStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExaminationTest {
  private static final Path FIXTURES = Path.of("src/test/fixtures/pe");
  private static final Path X64 = FIXTURES.resolve("orders-x64.dll");
  private static final Path ARM64 = FIXTURES.resolve("orders-arm64.dll");
  @TempDir Path folder;

  private interface Content {
    Bytes read() throws IOException;
  }

  private record FakeMember(String path, String address, Content content) implements Member {
    @Override
    public long size() {
      return 1;
    }

    @Override
    public String identity() {
      return address;
    }

    @Override
    public Bytes bytes() throws IOException {
      return content.read();
    }

    @Override
    public String sha256() {
      return "";
    }
  }

  private static FakeMember file(Path file) {
    return new FakeMember(
        file.getFileName().toString(),
        file.toString(),
        () -> Bytes.of(Files.readAllBytes(file), file.toString()));
  }

  private static final class FakeSource implements Source {
    private final List<Member> members;
    private boolean isClosed;

    FakeSource(Member... members) {
      this.members = List.of(members);
    }

    @Override
    public String target() {
      return "target";
    }

    @Override
    public String artifact() {
      return "artifact";
    }

    @Override
    public Kind kind() {
      return Kind.FOLDER;
    }

    @Override
    public List<Member> members() {
      return members;
    }

    @Override
    public Map<String, String> links() {
      return Map.of();
    }

    @Override
    public List<Distribution> distributions() {
      return List.of();
    }

    @Override
    public PythonCode pythonCode() {
      return PythonCode.none();
    }

    @Override
    public Optional<Interpreter> interpreter() {
      return Optional.empty();
    }

    @Override
    public List<Problem> problems() {
      return List.of();
    }

    @Override
    public void close() {
      isClosed = true;
    }
  }

  private static TargetRequirements examine(Path target, Options options, FakeSource source)
      throws IOException {
    try (var examination = new Examination(target, options, _ -> source, List.of())) {
      return examination.requirements();
    }
  }

  @Test
  void folder_givesTheRequirementsOfItsImagesInOrder() throws IOException {
    var source = new FakeSource(file(ARM64), file(X64));

    TargetRequirements found = examine(folder, Options.standard(), source);

    assertThat(found.images())
        .extracting(image -> image.architecture())
        .containsExactly(Architecture.ARM64, Architecture.X86_64);
    assertThat(found.artifact()).isEqualTo("artifact");
    assertThat(source.isClosed).isTrue();
  }

  @Test
  void anyNumberOfThreads_givesTheSame() throws IOException {
    var one = examine(folder, Options.standard().withParallelism(1), new FakeSource(file(X64)));
    var four = examine(folder, Options.standard().withParallelism(4), new FakeSource(file(X64)));

    assertThat(four).isEqualTo(one);
  }

  @Test
  void fileThatCannotBeRead_orMeetsAFault_costsNoOther() throws IOException {
    var source =
        new FakeSource(
            new FakeMember(
                "a.so",
                "dir/a.so",
                () -> {
                  throw new IOException("permission denied");
                }),
            new FakeMember(
                "b.so",
                "dir/b.so",
                () -> {
                  throw new IllegalStateException("a defect of ours");
                }),
            file(X64));

    TargetRequirements found = examine(folder, Options.standard(), source);

    assertThat(found.images()).hasSize(1);
    assertThat(found.problems())
        .extracting(Problem::code)
        .containsExactly(Problem.Code.UNREADABLE, Problem.Code.FAULT);
    assertThat(found.problems().get(1).message()).contains("dir/b.so", "please report");
  }

  @Test
  void unchangedFile_isNotEvenOpenedAgain() throws IOException {
    var opened = new AtomicInteger();
    Options options = Options.standard().withStore(RequirementsStore.in(folder, 1 << 20));
    var answers = new ArrayList<TargetRequirements>();
    for (int i = 0; i < 2; i++) {
      try (var examination =
          new Examination(
              X64,
              options,
              _ -> {
                opened.incrementAndGet();
                return new FakeSource(file(X64));
              },
              List.of())) {
        answers.add(examination.requirements());
      }
    }

    assertThat(opened).hasValue(1);
    assertThat(answers.get(1)).isEqualTo(answers.get(0));
  }

  @Test
  void damagedEntry_isFoundOutAnew() throws IOException {
    Options options = Options.standard().withStore(RequirementsStore.in(folder, 1 << 20));
    TargetRequirements first = examine(X64, options, new FakeSource(file(X64)));
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path entry : walk.filter(f -> f.toString().endsWith(".entry")).toList()) {
        Files.write(entry, new byte[20]);
      }
    }

    assertThat(examine(X64, options, new FakeSource(file(X64)))).isEqualTo(first);
  }

  @Test
  void folder_isKnownByItsFiles() throws IOException {
    Options options = Options.standard().withStore(RequirementsStore.in(folder, 1 << 20));
    examine(FIXTURES, options, new FakeSource(file(X64)));
    var read = new AtomicInteger();
    var again =
        new FakeSource(
            new FakeMember(
                file(X64).path(),
                file(X64).address(),
                () -> {
                  read.incrementAndGet();
                  return file(X64).bytes();
                }));

    examine(FIXTURES, options, again);
    assertThat(read).hasValue(0);
    assertThat(examine(FIXTURES, options, new FakeSource(file(X64), file(ARM64))).images())
        .hasSize(2);
  }

  @Test
  void decodedCode_isKeptToo() throws IOException {
    Options options =
        Options.standard().withUntil(Stage.IMPORT).withStore(RequirementsStore.in(folder, 1 << 20));
    TargetRequirements decoded;
    try (var examination =
        new Examination(X64, options, _ -> new FakeSource(file(X64)), List.of())) {
      assertThat(examination.requirements().images().getFirst().contained().isDecoded()).isFalse();
      decoded = examination.decode(List.of(0));
    }

    assertThat(decoded.images().getFirst().contained().isDecoded()).isTrue();
    assertThat(examine(X64, options, new FakeSource(file(X64)))).isEqualTo(decoded);
  }

  @Test
  void cancellation_endsTheWorkAndClosesTheSource() {
    var source = new FakeSource(file(X64), file(ARM64));
    Options options =
        Options.standard()
            .withProgress(
                new Progress() {
                  @Override
                  public void at(Step step, int done, int total) {}

                  @Override
                  public boolean isCancelled() {
                    return true;
                  }
                });

    assertThatThrownBy(() -> examine(folder, options, source))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void progress_namesEachStep() throws IOException {
    var steps = new java.util.concurrent.ConcurrentSkipListSet<Progress.Step>();
    Options options = Options.standard().withProgress((step, done, total) -> steps.add(step));

    examine(folder, options, new FakeSource(file(X64)));

    assertThat(steps)
        .containsExactly(Progress.Step.OPENING, Progress.Step.READING, Progress.Step.FOLLOWING);
  }
}
