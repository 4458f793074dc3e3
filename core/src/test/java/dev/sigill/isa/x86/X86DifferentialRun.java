package dev.sigill.isa.x86;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.bytes.Bytes;
import dev.sigill.bytes.Limits;
import dev.sigill.image.Format;
import dev.sigill.image.Images;
import dev.sigill.platform.Architecture;
import dev.sigill.source.Member;
import dev.sigill.source.Source;
import dev.sigill.source.Sources;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares the decoder with a disassembler over all x86-64 ELF code of a library, a package or a
 * folder of them: the Maven profile {@code differential}, with {@code -Ddifferential=PATH} and, for
 * another disassembler than GNU objdump, {@code -Ddifferential.tool=llvm-objdump}.
 */
@EnabledIfSystemProperty(named = "differential", matches = ".+")
class X86DifferentialRun {
  @TempDir Path work;

  @Test
  void decoder_agreesWithTheDisassembler() throws IOException, InterruptedException {
    Path what = Path.of(System.getProperty("differential"));
    String tool = System.getProperty("differential.tool", "objdump");
    long most = Long.getLong("differential.bytes", Long.MAX_VALUE);
    var differential = new X86Differential(tool, false);
    try (Stream<Path> files = Files.walk(what)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        if (differential.bytes() < most) {
          compare(file, differential);
        }
      }
    }
    System.out.print(differential.summary());
    assertThat(differential.instructions()).isPositive();
    assertThat(differential.unexplained()).isZero();
  }

  /** Compares every library in a file, be it a package or a library itself. */
  private void compare(Path file, X86Differential differential)
      throws IOException, InterruptedException {
    Path copy = work.resolve("library.so");
    try (Source source = Sources.open(file, Limits.standard())) {
      for (Member member : List.copyOf(source.members())) {
        Bytes content = member.bytes();
        boolean isOurs =
            Images.read(content, Limits.standard()).images().stream()
                .anyMatch(
                    image ->
                        image.format() == Format.ELF
                            && image.architecture() == Architecture.X86_64);
        if (isOurs) {
          copy(content, copy);
          differential.compareFile(copy);
          Files.delete(copy);
        }
      }
    }
    System.out.printf("%s: %,d bytes of code so far%n", file.getFileName(), differential.bytes());
  }

  private static void copy(Bytes content, Path to) throws IOException {
    try (FileChannel out =
        FileChannel.open(to, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (long at = 0; at < content.length(); ) {
        long size = Math.min(1 << 24, content.length() - at);
        ByteBuffer part = content.slice(at, size).segment().asByteBuffer();
        while (part.hasRemaining()) {
          out.write(part);
        }
        at += size;
      }
    }
  }
}
