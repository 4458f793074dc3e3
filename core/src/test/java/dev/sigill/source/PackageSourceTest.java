package dev.sigill.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.source.Distribution.Ecosystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packages as they are published, each ecosystem in its own format. */
class PackageSourceTest {
  @TempDir Path folder;

  private OpenedTarget open(String name, byte[] content) {
    return OpenedTarget.write(folder, name, content);
  }

  @Test
  void wheel_tagsOfNameAndMetadataAreKeptApart() {
    byte[] wheel =
        Samples.zip(
            "my_pkg/x.so",
            Samples.elf(),
            "my_pkg.libs/liby.so",
            Samples.elf(400, 2),
            "my_pkg-1.0.dist-info/METADATA",
            "Metadata-Version: 2.1\nName: My.Pkg\nVersion: 1.0\nRequires-Dist: NumPy (>=1.2)\n"
                + "Requires-Dist: scipy>=1; python_version < '3.9'\n"
                + "Requires-Dist: pytest; extra == 'test'\n\nName: not-this\n",
            "my_pkg-1.0.dist-info/WHEEL",
            "Wheel-Version: 1.0\nTag: cp311-cp311-linux_x86_64\n",
            "my_pkg-1.0.dist-info/RECORD",
            "my_pkg/x.so,sha256=a,300\nmy_pkg/__init__.py,,\nmy_pkg/sub/__init__.py,,\n");
    String name = "my_pkg-1.0-2-cp311.cp312-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl";
    try (var opened = open(name, wheel)) {
      assertThat(opened.source().kind()).isEqualTo(Source.Kind.WHEEL);
      assertThat(opened.source().distributions())
          .containsExactly(
              new Distribution(
                  Ecosystem.PYTHON,
                  "my-pkg",
                  "1.0",
                  "",
                  List.of("cp311-cp311-linux_x86_64"),
                  List.of(
                      "cp311-abi3-manylinux_2_17_x86_64",
                      "cp311-abi3-manylinux2014_x86_64",
                      "cp312-abi3-manylinux_2_17_x86_64",
                      "cp312-abi3-manylinux2014_x86_64"),
                  List.of("my_pkg.libs/liby.so", "my_pkg/x.so"),
                  List.of("my_pkg"),
                  List.of(
                      Distribution.Need.always("numpy"),
                      new Distribution.Need("scipy", "python_version < '3.9'")),
                  List.of()));
    }
  }

  @Test
  void wheelWithoutMetadata_isKnownByItsName() {
    byte[] wheel = Samples.zip("x/y.so", Samples.elf());
    try (var opened = open("x_y-1.0-py3-none-win_amd64.whl", wheel)) {
      Distribution distribution = opened.distribution("x-y");
      assertThat(distribution.version()).isEqualTo("1.0");
      assertThat(distribution.tags()).isEmpty();
      assertThat(distribution.fileNameTags()).containsExactly("py3-none-win_amd64");
      assertThat(distribution.members()).containsExactly("x/y.so");
    }
  }

  @Test
  void record_quotedNames_areRead() {
    byte[] wheel =
        Samples.zip(
            "a,\"b\".so", Samples.elf(),
            "x-1.dist-info/METADATA", "Name: x\nVersion: 1\n",
            "x-1.dist-info/RECORD", "\"a,\"\"b\"\".so\",sha256=a,300\n");
    try (var opened = open("x.zip", wheel)) {
      assertThat(opened.distribution("x").members()).containsExactly("a,\"b\".so");
    }
  }

  @Test
  void egg_isAPythonPackage() {
    byte[] egg =
        Samples.zip("x/y.so", Samples.elf(), "EGG-INFO/PKG-INFO", "Name: x\nVersion: 0.1\n");
    try (var opened = open("x-0.1-py3.11-linux-x86_64.egg", egg)) {
      assertThat(opened.distribution("x").members()).containsExactly("x/y.so");
    }
  }

  @Test
  void jar_isKnownByItsPomAndItsClassifier() {
    byte[] jar =
        Samples.zip(
            "META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nImplementation-Version: 9\n",
            "META-INF/maven/org.x/native/pom.properties",
                "groupId=org.x\nartifactId=native\nversion=1.1.0\n",
            "META-INF/maven/org.y/shaded/pom.properties",
                "groupId=org.y\nartifactId=shaded\nversion=3\n",
            "linux/libx.so", Samples.elf());
    try (var opened = open("native-1.1.0-linux-x86_64.jar", jar)) {
      assertThat(opened.source().distributions())
          .containsExactly(
              new Distribution(
                  Ecosystem.MAVEN,
                  "org.x:native",
                  "1.1.0",
                  "",
                  List.of(),
                  List.of("linux-x86_64"),
                  List.of("linux/libx.so"),
                  List.of(),
                  List.of(),
                  List.of()));
    }
  }

  @Test
  void jarWithoutPom_isKnownByItsNameOrManifest() {
    byte[] jar =
        Samples.zip(
            "META-INF/MANIFEST.MF",
            "Manifest-Version: 1.0\n"
                + "Bundle-SymbolicName: com.x;singleton:=true\n"
                + "Bundle-Version: 5\n",
            "libx.so",
            Samples.elf());
    try (var opened = open("jna-5.14.0.jar", jar)) {
      assertThat(opened.distribution("jna").version()).isEqualTo("5.14.0");
    }
    try (var opened = open("unversioned.jar", jar)) {
      assertThat(opened.distribution("com.x").version()).isEqualTo("5");
    }
  }

  @Test
  void npmTarball_isAnNpmPackage() {
    byte[] tar =
        Samples.tar(
            "package/package.json",
            "{\"name\":\"@next/swc-linux-x64-gnu\",\"version\":\"16.0.0\",\"os\":[\"linux\"],"
                + "\"cpu\":[\"x64\"],\"main\":\"x.node\",\"files\":[\"x.node\"]}",
            "package/next-swc.linux-x64-gnu.node",
            Samples.elf());
    try (var opened = open("next-swc.tgz", Samples.pack(Compression.GZIP, tar))) {
      Distribution npm = opened.distribution("@next/swc-linux-x64-gnu");
      assertThat(npm.ecosystem()).isEqualTo(Ecosystem.NPM);
      assertThat(npm.tags()).containsExactly("os=linux", "cpu=x64");
      assertThat(npm.members()).containsExactly("package/next-swc.linux-x64-gnu.node");
    }
  }

  @Test
  void condaPackages_haveTheirFilesAsInstalled() throws IOException {
    byte[] payload = Samples.tar("lib/libx.so", Samples.elf());
    String index =
        "{\"name\":\"x\",\"version\":\"1.0\",\"subdir\":\"osx-arm64\",\"depends\":[\"libcxx\"]}";
    byte[] info = Samples.tar("info/index.json", index);
    byte[] conda =
        Samples.storedZip(
            "metadata.json", "{\"conda_pkg_format_version\": 2}",
            "pkg-x-1.0-0.tar.zst", Samples.pack(Compression.ZSTD, payload),
            "info-x-1.0-0.tar.zst", Samples.pack(Compression.ZSTD, info));
    byte[] old =
        Samples.pack(
            Compression.BZIP2, Samples.tar("lib/libx.so", Samples.elf(), "info/index.json", index));
    for (String name : new String[] {"x-1.0-0.conda", "x-1.0-0.tar.bz2"}) {
      try (var opened = open(name, name.endsWith(".conda") ? conda : old)) {
        assertThat(opened.source().kind()).isEqualTo(Source.Kind.CONDA_PACKAGE);
        assertThat(opened.paths()).containsExactly("lib/libx.so");
        assertThat(opened.bytes("lib/libx.so")).isEqualTo(Samples.elf());
        assertThat(opened.distribution("x"))
            .isEqualTo(
                new Distribution(
                    Ecosystem.CONDA,
                    "x",
                    "1.0",
                    "",
                    List.of("osx-arm64"),
                    List.of("lib/libx.so"),
                    List.of("libcxx")));
      }
    }
  }

  @Test
  void damagedMetadata_saysNothingAndHidesNothing() {
    byte[] tar =
        Samples.tar(
            "package/package.json", "{\"name\": [1, {\"a\"", "package/x.node", Samples.elf());
    try (var opened = open("x.tgz", Samples.pack(Compression.GZIP, tar))) {
      assertThat(opened.paths()).containsExactly("package/x.node");
      assertThat(opened.source().distributions()).isEmpty();
    }
  }
}
