package dev.sigill.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigill.bytes.Limits;
import dev.sigill.bytes.Problem;
import dev.sigill.bytes.Problem.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "makes symbolic links and pipes")
class FolderSourceTest {
  @TempDir Path folder;

  private Path write(String name, Object content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, content instanceof String s ? Samples.text(s) : (byte[]) content);
  }

  private Path link(String name, String target) throws IOException {
    Path link = folder.resolve(name);
    Files.createDirectories(link.getParent());
    return Files.createSymbolicLink(link, Path.of(target));
  }

  @Test
  void nothing_throws() {
    assertThatThrownBy(() -> Sources.open(folder.resolve("nothing"), OpenedTarget.SMALL))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void nativeFile_isItsOnlyMember() throws IOException {
    Path file = write("libx.so", Samples.elf());
    try (var opened = OpenedTarget.of(file)) {
      assertThat(opened.source().kind()).isEqualTo(Source.Kind.FILE);
      assertThat(opened.paths()).containsExactly("libx.so");
      assertThat(opened.member("libx.so").address()).isEqualTo(file.toString());
      assertThat(opened.bytes("libx.so")).isEqualTo(Samples.elf());
    }
  }

  @Test
  void nativeFileWithTheNameOfAText_isStillReadWhenItIsTheTarget() throws IOException {
    try (var opened = OpenedTarget.of(write("x.txt", Samples.elf()))) {
      assertThat(opened.paths()).containsExactly("x.txt");
    }
  }

  @Test
  void otherFile_isAProblem() throws IOException {
    try (var opened = OpenedTarget.of(write("x.py", "print(1)\n".repeat(20)))) {
      assertThat(opened.paths()).isEmpty();
      assertThat(opened.codes()).containsExactly(Code.BAD_MAGIC);
    }
  }

  @Test
  void folder_isWalkedAndArchivesInItAreOpened() throws IOException {
    write("a/libx.so", Samples.elf());
    write("a/__pycache__/libz.so", Samples.elf());
    write("b/x-1.0-py3-none-any.whl", Samples.zip("x/y.so", Samples.elf()));
    write("b/libw.so.xz", Samples.pack(Compression.XZ, Samples.elf()));
    write("b/notes", "no native code in here, and it is longer than sixty-four bytes, surely");
    try (var opened = OpenedTarget.of(folder)) {
      assertThat(opened.source().kind()).isEqualTo(Source.Kind.FOLDER);
      assertThat(opened.paths())
          .containsExactly(
              "a/libx.so", "b/libw.so.xz!/libw.so", "b/x-1.0-py3-none-any.whl!/x/y.so");
      assertThat(opened.problems()).isEmpty();
      Distribution wheel = opened.distribution("x");
      assertThat(wheel.fileNameTags()).containsExactly("py3-none-any");
      assertThat(wheel.members()).containsExactly("b/x-1.0-py3-none-any.whl!/x/y.so");
    }
  }

  @Test
  void links_leadToMembersOnceAnalysed() throws IOException {
    write("lib/libx.so.1.2", Samples.elf());
    link("lib/libx.so.1", "libx.so.1.2");
    link("lib/libx.so", "libx.so.1");
    link("lib64", "lib");
    try (var opened = OpenedTarget.of(folder)) {
      assertThat(opened.paths()).containsExactly("lib/libx.so.1.2");
      assertThat(opened.source().links())
          .containsExactly(
              Map.entry("lib/libx.so", "lib/libx.so.1.2"),
              Map.entry("lib/libx.so.1", "lib/libx.so.1.2"),
              Map.entry("lib64/libx.so.1.2", "lib/libx.so.1.2"));
      assertThat(opened.problems()).isEmpty();
    }
  }

  @Test
  void hardLink_isOneMember() throws IOException {
    Path file = write("a.so", Samples.elf());
    Files.createLink(folder.resolve("b.so"), file);
    try (var opened = OpenedTarget.of(folder)) {
      assertThat(opened.paths()).containsExactly("a.so");
      assertThat(opened.source().links()).containsExactly(Map.entry("b.so", "a.so"));
    }
  }

  @Test
  void loopsAndLinksOutside_areProblemsAndNotFollowed() throws IOException {
    Path outside = Files.createTempDirectory("outside");
    Files.write(outside.resolve("secret.so"), Samples.elf());
    write("in/a.so", Samples.elf(200, 3));
    link("in/self", "self");
    link("in/up", "..");
    link("in/nowhere", "missing");
    link("in/folder", outside.toString());
    link("in/file.so", outside.resolve("secret.so").toString());
    try (var opened = OpenedTarget.of(folder)) {
      assertThat(opened.paths()).containsExactly("in/a.so");
      assertThat(opened.problems())
          .extracting(p -> MemberName.last(p.place().file()), Problem::code)
          .containsExactlyInAnyOrder(
              org.assertj.core.groups.Tuple.tuple("self", Code.CYCLE),
              org.assertj.core.groups.Tuple.tuple("up", Code.CYCLE),
              org.assertj.core.groups.Tuple.tuple("folder", Code.PATH_ESCAPE),
              org.assertj.core.groups.Tuple.tuple("file.so", Code.PATH_ESCAPE));
    } finally {
      Files.delete(outside.resolve("secret.so"));
      Files.delete(outside);
    }
  }

  @Test
  void pipe_isNeverOpened() throws Exception {
    Path pipe = folder.resolve("pipe.so");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    write("a.so", Samples.elf());
    try (var opened = OpenedTarget.of(folder)) {
      assertThat(opened.paths()).containsExactly("a.so");
      assertThat(opened.codes()).containsExactly(Code.UNSUPPORTED);
    }
    assertThatThrownBy(() -> Sources.open(pipe, OpenedTarget.SMALL))
        .isInstanceOf(IOException.class);
  }

  @Test
  void fileChangedAfterListing_isAProblemOnReading() throws IOException {
    Path file = write("a.so", Samples.elf());
    Path other = write("b.so", Samples.elf(400, 2));
    try (var opened = OpenedTarget.of(folder)) {
      Files.write(file, Samples.elf(900, 9));
      Files.delete(other);
      assertThatThrownBy(() -> opened.member("a.so").bytes())
          .isInstanceOfSatisfying(
              UnreadableException.class,
              e -> {
                assertThat(e.problem().actual()).isEqualTo(900);
                assertThat(e.problem().limit()).isEqualTo(300);
              });
      assertThatThrownBy(() -> opened.member("b.so").bytes()).isInstanceOf(IOException.class);
    }
  }

  @Test
  void tooManyFiles_areCutAtTheLimit() throws IOException {
    for (int i = 0; i < 30; i++) {
      write("x" + i + ".so", Samples.elf(100, i));
    }
    var limits = new Limits(4, 10, 1 << 20, 1 << 20, 100, 100);
    try (var opened = OpenedTarget.of(folder, limits)) {
      assertThat(opened.paths()).hasSize(10);
      assertThat(opened.codes()).containsExactly(Code.LIMIT);
    }
  }

  @Test
  void identity_changesWithTheFile() throws IOException {
    write("a.so", Samples.elf());
    String before;
    try (var opened = OpenedTarget.of(folder)) {
      before = opened.member("a.so").identity();
    }
    try (var opened = OpenedTarget.of(folder)) {
      assertThat(opened.member("a.so").identity()).isEqualTo(before);
    }
    write("a.so", Samples.elf(301, 1));
    try (var opened = OpenedTarget.of(folder)) {
      assertThat(opened.member("a.so").identity()).isNotEqualTo(before);
    }
  }

  @Test
  void listing_isTheSameEachTime() throws IOException {
    for (int i = 0; i < 40; i++) {
      write("d" + i % 7 + "/x" + i + ".so", Samples.elf(100, i));
      write("d" + i % 5 + "/y" + i + ".zip", Samples.zip("z.so", Samples.elf(100, i)));
    }
    List<String> first;
    try (var opened = OpenedTarget.of(folder)) {
      first = opened.paths();
      assertThat(first).hasSize(80).isSorted();
    }
    try (var opened = OpenedTarget.of(folder)) {
      assertThat(opened.paths()).isEqualTo(first);
    }
  }

  @Test
  void virtualEnvironment_hasItsBaseInterpreter() throws IOException {
    write("base/bin/python3.11", Samples.elf(500, 1));
    write("base/lib/libpython3.11.so.1.0", Samples.elf(500, 2));
    write("base/lib/python3.11/lib-dynload/math.so", Samples.elf(500, 3));
    Path home = folder.toRealPath().resolve("base/bin");
    write("venv/pyvenv.cfg", "home = " + home + "\nversion = 3.11.7\n");
    link("venv/bin/python3", home.resolve("python3.11").toString());
    link("venv/lib64", "lib");
    String site = "lib/python3.11/site-packages/";
    write("venv/" + site + "numpy/core.so", Samples.elf(500, 4));
    write("venv/" + site + "numpy.libs/libopenblas.so", Samples.elf(500, 5));
    write("venv/" + site + "numpy-2.0.dist-info/METADATA", "Name: numpy\nVersion: 2.0\n");
    write(
        "venv/" + site + "numpy-2.0.dist-info/RECORD",
        "numpy/core.so,sha256=x,500\nnumpy/__init__.py,,\n../../../bin/tool,,\n");
    write("venv/bin/tool", Samples.elf(500, 6));
    try (var opened = OpenedTarget.of(folder.resolve("venv"))) {
      assertThat(opened.source().kind()).isEqualTo(Source.Kind.VIRTUAL_ENVIRONMENT);
      String program = home.resolve("python3.11").toString();
      String library = home.resolveSibling("lib/libpython3.11.so.1.0").toString();
      assertThat(opened.paths())
          .containsExactly(
              program,
              library,
              "bin/tool",
              site + "numpy.libs/libopenblas.so",
              site + "numpy/core.so");
      assertThat(opened.source().links()).containsEntry("bin/python3", program);
      Interpreter interpreter = opened.source().interpreter().orElseThrow();
      assertThat(interpreter)
          .isEqualTo(
              new Interpreter(
                  "python",
                  "3.11.7",
                  "cpython",
                  program,
                  List.of(home.resolveSibling("lib").toString())));
      Distribution numpy = opened.distribution("numpy");
      assertThat(numpy.location()).isEqualTo("lib/python3.11/site-packages");
      assertThat(numpy.members())
          .containsExactly("bin/tool", site + "numpy.libs/libopenblas.so", site + "numpy/core.so");
      assertThat(opened.problems()).isEmpty();
    }
  }

  @Test
  void filesLinkedIntoAnEnvironment_belongToIt() throws IOException {
    Path cached = write("cache/x.so", Samples.elf());
    write("venv/pyvenv.cfg", "home = /nowhere\nversion_info = 3.12.1.final.0\n");
    link("venv/lib/python3.12/site-packages/p/x.so", cached.toRealPath().toString());
    try (var opened = OpenedTarget.of(folder.resolve("venv"))) {
      assertThat(opened.paths()).containsExactly("lib/python3.12/site-packages/p/x.so");
      assertThat(opened.bytes("lib/python3.12/site-packages/p/x.so")).isEqualTo(Samples.elf());
      assertThat(opened.source().interpreter().orElseThrow().version()).isEqualTo("3.12.1");
    }
  }

  @Test
  void condaEnvironment_hasItsPackagesWithoutCachesAndOtherEnvironments() throws IOException {
    write("bin/python3.11", Samples.elf(500, 1));
    link("bin/python3", "python3.11");
    write("lib/libx.so", Samples.elf(500, 2));
    write("pkgs/x-1.0/lib/libx.so", Samples.elf(500, 3));
    write("envs/other/lib/liby.so", Samples.elf(500, 4));
    write(
        "conda-meta/x-1.0-h1.json",
        "{\"name\":\"x\",\"version\":\"1.0\",\"subdir\":\"linux-64\",\"depends\":[\"libgcc >=13\","
            + "\"__glibc >=2.17\"],\"files\":[\"lib/libx.so\",\"include/x.h\"],\"paths_data\":{}}");
    write(
        "conda-meta/python-3.11.7-hab00c5b_1.json", "{\"name\":\"python\",\"version\":\"3.11.7\"}");
    try (var opened = OpenedTarget.of(folder)) {
      assertThat(opened.source().kind()).isEqualTo(Source.Kind.CONDA_ENVIRONMENT);
      assertThat(opened.paths()).containsExactly("bin/python3.11", "lib/libx.so");
      assertThat(opened.distribution("x"))
          .isEqualTo(
              new Distribution(
                  Distribution.Ecosystem.CONDA,
                  "x",
                  "1.0",
                  "",
                  List.of("linux-64"),
                  List.of("lib/libx.so"),
                  List.of("libgcc")));
      assertThat(opened.source().interpreter().orElseThrow().version()).isEqualTo("3.11.7");
    }
  }

  @Test
  void pythonInstallation_isItsOwnPartOfThePrefix() throws IOException {
    write("bin/python3.11", Samples.elf(500, 1));
    write("bin/unrelated", Samples.elf(500, 2));
    write("lib/python3.11/os.py", "");
    write("lib/python3.11/lib-dynload/math.so", Samples.elf(500, 3));
    write("lib/python3.11/test/data/odd.so", Samples.elf(500, 6));
    write("lib/libpython3.11.so.1.0", Samples.elf(500, 4));
    write("lib/libunrelated.so", Samples.elf(500, 5));
    write("include/python3.11/patchlevel.h", "#define PY_VERSION \"3.11.9\"\n");
    try (var opened = OpenedTarget.of(folder)) {
      assertThat(opened.source().kind()).isEqualTo(Source.Kind.PYTHON_INSTALLATION);
      assertThat(opened.paths())
          .containsExactly(
              "bin/python3.11", "lib/libpython3.11.so.1.0", "lib/python3.11/lib-dynload/math.so");
      assertThat(opened.source().interpreter().orElseThrow().version()).isEqualTo("3.11.9");
    }
  }

  @Test
  void pythonInstallationOfWindows_isAWholeFolder() throws IOException {
    write("python.exe", Samples.pe());
    write("python311.dll", Samples.pe());
    write("Lib/os.py", "");
    write("DLLs/_ssl.pyd", Samples.pe());
    try (var opened = OpenedTarget.of(folder)) {
      assertThat(opened.source().kind()).isEqualTo(Source.Kind.PYTHON_INSTALLATION);
      assertThat(opened.paths()).containsExactly("DLLs/_ssl.pyd", "python.exe", "python311.dll");
      assertThat(opened.source().interpreter().orElseThrow().version()).isEqualTo("3.11");
    }
  }

  @Test
  void pythonFramework_isReadBehindItsCurrentVersion() throws IOException {
    write("Versions/3.12/Python", Samples.machO());
    write("Versions/3.12/bin/python3.12", Samples.elf(300, 8));
    write("Versions/3.12/lib/python3.12/os.py", "");
    write("Versions/3.12/lib/python3.12/lib-dynload/x.so", Samples.elf(300, 9));
    link("Versions/Current", "3.12");
    try (var opened = OpenedTarget.of(folder)) {
      assertThat(opened.source().kind()).isEqualTo(Source.Kind.PYTHON_INSTALLATION);
      assertThat(opened.paths())
          .containsExactly(
              "Versions/3.12/Python",
              "Versions/3.12/bin/python3.12",
              "Versions/3.12/lib/python3.12/lib-dynload/x.so");
    }
  }

  @Test
  void javaInstallation_isToldByItsReleaseFile() throws IOException {
    write("release", "IMPLEMENTOR=\"Eclipse Adoptium\"\nJAVA_VERSION=\"21.0.3\"\n");
    write("bin/java", Samples.elf());
    write("lib/server/libjvm.so", Samples.elf(400, 2));
    try (var opened = OpenedTarget.of(folder)) {
      assertThat(opened.source().kind()).isEqualTo(Source.Kind.JAVA_INSTALLATION);
      assertThat(opened.paths()).containsExactly("bin/java", "lib/server/libjvm.so");
      Interpreter java = opened.source().interpreter().orElseThrow();
      assertThat(java.version()).isEqualTo("21.0.3");
      assertThat(java.implementation()).isEqualTo("temurin");
    }
  }

  @Test
  void nodeModules_givePackagesWithTheirPlatforms() throws IOException {
    write(
        "node_modules/@img/sharp-linux-x64/package.json",
        "{\"name\":\"@img/sharp-linux-x64\",\"version\":\"0.33.1\",\"os\":[\"linux\"],"
            + "\"cpu\":[\"x64\"],\"libc\":[\"glibc\"]}");
    write("node_modules/@img/sharp-linux-x64/lib/sharp.node", Samples.elf());
    write(
        "node_modules/sharp/package.json",
        "{\"name\":\"sharp\",\"version\":\"0.33.1\",\"dependencies\":{\"semver\":\"^7\"},"
            + "\"optionalDependencies\":{\"@img/sharp-linux-x64\":\"0.33.1\"}}");
    write("node_modules/sharp/src/package.json", "{\"name\":\"not-a-package\"}");
    try (var opened = OpenedTarget.of(folder.resolve("node_modules"))) {
      assertThat(opened.source().kind()).isEqualTo(Source.Kind.NODE_MODULES);
    }
    write("package.json", "{\"name\":\"project\",\"version\":\"1.0.0\"}");
    try (var opened = OpenedTarget.of(folder)) {
      assertThat(opened.source().kind()).isEqualTo(Source.Kind.NODE_MODULES);
      assertThat(opened.source().distributions())
          .extracting(Distribution::name)
          .containsExactly("@img/sharp-linux-x64", "project", "sharp");
      Distribution addon = opened.distribution("@img/sharp-linux-x64");
      assertThat(addon.tags()).containsExactly("os=linux", "cpu=x64", "libc=glibc");
      assertThat(addon.members())
          .containsExactly("node_modules/@img/sharp-linux-x64/lib/sharp.node");
      assertThat(opened.distribution("sharp").requires())
          .containsExactly(Distribution.Need.always("semver"));
      assertThat(opened.distribution("sharp").optional()).containsExactly("@img/sharp-linux-x64");
    }
  }
}
