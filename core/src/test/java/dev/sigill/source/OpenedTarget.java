package dev.sigill.source;

import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A target that a test wrote and opened. */
final class OpenedTarget implements AutoCloseable {
  static final Limits SMALL = new Limits(4, 1000, 8 << 20, 32 << 20, 200, 1000);

  private final Source source;

  private OpenedTarget(Source source) {
    this.source = source;
  }

  static OpenedTarget of(Path path, Limits limits) {
    try {
      return new OpenedTarget(Sources.open(path, limits));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static OpenedTarget of(Path path) {
    return of(path, SMALL);
  }

  static OpenedTarget write(Path folder, String name, byte[] content) {
    return write(folder, name, content, SMALL);
  }

  static OpenedTarget write(Path folder, String name, byte[] content, Limits limits) {
    try {
      return of(Files.write(folder.resolve(name), content), limits);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Source source() {
    return source;
  }

  List<String> paths() {
    return source.members().stream().map(Member::path).toList();
  }

  Member member(String path) {
    return source.members().stream().filter(m -> m.path().equals(path)).findFirst().orElseThrow();
  }

  byte[] bytes(String path) throws IOException {
    Member member = member(path);
    return member.bytes().array(0, (int) member.size());
  }

  List<Problem> problems() {
    return source.problems();
  }

  List<Problem.Code> codes() {
    return problems().stream().map(Problem::code).toList();
  }

  Distribution distribution(String name) {
    return source.distributions().stream()
        .filter(d -> d.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() {
    source.close();
  }
}
