package dev.sigill.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.bytes.Limits;
import dev.sigill.python.PythonImports.Choice;
import dev.sigill.python.PythonImports.Load;
import dev.sigill.source.Source;
import dev.sigill.source.Sources;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What importing a package loads, by its code. */
class ImportSearchTest {
  private static final String SITE = "lib/python3.11/site-packages/";
  private static final String TAG = ".cpython-311-x86_64-linux-gnu.so";

  @TempDir Path folder;

  private final Map<String, Object> files = new TreeMap<>();

  /** A package with its files, each followed by its text; null for a native one. */
  private void add(String name, String... filesAndTexts) {
    var record = new StringBuilder();
    for (int i = 0; i < filesAndTexts.length; i += 2) {
      String text = filesAndTexts[i + 1];
      files.put(filesAndTexts[i], text.equals("native") ? elf(files.size()) : text);
      record.append(filesAndTexts[i]).append(",,\n");
    }
    files.put(name + "-1.0.dist-info/METADATA", "Name: " + name + "\nVersion: 1.0\n");
    files.put(name + "-1.0.dist-info/RECORD", record.toString());
  }

  private static byte[] elf(int seed) {
    var bytes = new byte[200];
    Arrays.fill(bytes, (byte) seed);
    System.arraycopy(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}, 0, bytes, 0, 8);
    return bytes;
  }

  private static byte[] bytes(Object content) {
    return content instanceof String text
        ? text.getBytes(java.nio.charset.StandardCharsets.UTF_8)
        : (byte[]) content;
  }

  private PythonImports search(String... members) throws IOException {
    Files.writeString(folder.resolve("pyvenv.cfg"), "home = /nowhere/bin\nversion = 3.11.7\n");
    for (var each : files.entrySet()) {
      Path file = folder.resolve(SITE + each.getKey());
      Files.createDirectories(file.getParent());
      Files.write(file, bytes(each.getValue()));
    }
    try (Source source = Sources.open(folder, Limits.standard())) {
      return ImportSearch.of(source, Arrays.stream(members).map(m -> SITE + m).toList());
    }
  }

  private static List<String> told(PythonImports imports) {
    var lines = new ArrayList<String>();
    for (Load load : imports.loads()) {
      lines.add(load.module() + ": " + String.join(" > ", load.chain()));
    }
    return lines;
  }

  @Test
  void topLevelImports_areFollowedAcrossPackages() throws IOException {
    add("arrow", "arrow/__init__.py", "from . import lib\n", "arrow/lib" + TAG, "native");
    add(
        "frames",
        "frames/__init__.py",
        "import os\nfrom frames.compat import check\n",
        "frames/compat/__init__.py",
        "from .arrow import HAS\n",
        "frames/compat/arrow.py",
        "try:\n    import arrow as pa\n    HAS = True\nexcept ImportError:\n    HAS = False\n");
    add("learn", "learn/__init__.py", "def data():\n    import frames\n");
    PythonImports imports = search("arrow/lib" + TAG);
    assertThat(imports.isKnown()).isTrue();
    assertThat(told(imports))
        .containsExactly(
            "arrow: arrow > arrow.lib",
            "frames: frames > frames.compat > frames.compat.arrow > arrow > arrow.lib");
    assertThat(imports.chosen()).isEmpty();
  }

  @Test
  void whatFailsBefore_isNotPassed() throws IOException {
    add("native", "native" + TAG, "native");
    add("needy", "needy.py", "import missing\nimport native\n");
    add("tries", "tries.py", "try:\n    import missing, native\nexcept ImportError: pass\n");
    add("uses", "uses.py", "import needy\nimport native\n");
    add("copes", "copes.py", "try: import needy\nexcept ImportError: pass\nimport native\n");
    add("standard", "standard.py", "import sys, os.path, json\nimport native\n");
    assertThat(told(search("native" + TAG)))
        .containsExactly("copes: copes > native", "native: native", "standard: standard > native");
  }

  @Test
  void modulesForNewerProcessors_areChosenByTheCodeThatAsks() throws IOException {
    add(
        "fuzz",
        "fuzz/__init__.py",
        "from .scorer import ratio\n",
        "fuzz/scorer.py",
        "from fuzz._detect import AVX2, supports\n"
            + "if supports(AVX2):\n    from fuzz.ratio_avx2 import ratio\n"
            + "else:\n    from fuzz.ratio_plain import ratio\n",
        "fuzz/_detect" + TAG,
        "native",
        "fuzz/ratio_avx2" + TAG,
        "native",
        "fuzz/ratio_plain" + TAG,
        "native");
    PythonImports imports = search("fuzz/ratio_avx2" + TAG);
    assertThat(imports.loads()).isEmpty();
    assertThat(imports.chosen())
        .containsExactly(new Choice(SITE + "fuzz/ratio_avx2" + TAG, "fuzz.scorer"));
  }

  @Test
  void choiceMadeOneModuleFurtherUp_isFound() throws IOException {
    add(
        "search",
        "search/__init__.py",
        "from .loader import *\n",
        "search/loader.py",
        "if fast:\n    try:\n        from .swig_avx2 import *\n    except ImportError:\n"
            + "        from .swig import *\nelse:\n    from .swig import *\n",
        "search/swig_avx2.py",
        "from . import _swig_avx2\n",
        "search/swig.py",
        "from . import _swig\n",
        "search/_swig_avx2.abi3.so",
        "native",
        "search/_swig.abi3.so",
        "native",
        "search/tests/test_it.py",
        "from search import _swig_avx2\n");
    assertThat(search("search/_swig_avx2.abi3.so").chosen())
        .extracting(Choice::by)
        .containsExactly("search.loader");
  }

  @Test
  void moduleThatUsersImportThemselves_isNotChosen() throws IOException {
    add(
        "science",
        "science/__init__.py",
        "__all__ = ['linalg']\ndef __getattr__(name): ...\n",
        "science/linalg/__init__.py",
        "from ._flapack import *\n",
        "science/linalg/_flapack" + TAG,
        "native",
        "science/odd" + TAG,
        "native");
    PythonImports imports = search("science/linalg/_flapack" + TAG, "science/odd" + TAG);
    assertThat(imports.loads()).isEmpty();
    assertThat(imports.chosen()).isEmpty();
  }

  @Test
  void namesThatThePackageBinds_areNoModules() throws IOException {
    add(
        "bound",
        "bound/__init__.py",
        "def fast(): ...\n",
        "bound/fast" + TAG,
        "native",
        "bound/slow" + TAG,
        "native");
    add("user", "user.py", "from bound import fast, slow\n");
    assertThat(told(search("bound/fast" + TAG, "bound/slow" + TAG)))
        .containsExactly("user: user > bound.slow");
  }

  @Test
  void circles_end() throws IOException {
    add("a", "a.py", "import b\nimport c\n");
    add("b", "b.py", "import a\n");
    add("c", "c" + TAG, "native");
    assertThat(told(search("c" + TAG))).containsExactly("a: a > c", "b: b > a > c", "c: c");
  }

  @Test
  void otherPythonsModules_areNotTaken() throws IOException {
    add("x", "x/__init__.py", "from . import y\n", "x/y.cpython-39-x86_64-linux-gnu.so", "native");
    assertThat(search("x/y.cpython-39-x86_64-linux-gnu.so").loads()).isEmpty();
  }

  @Test
  void namespaces_areSharedByPackages() throws IOException {
    add("one", "space/one/__init__.py", "from ._x import y\n", "space/one/_x.so", "native");
    add("two", "space/two/__init__.py", "import space.one\n");
    assertThat(told(search("space/one/_x.so")))
        .containsExactly(
            "space.one: space.one > space.one._x",
            "space.two: space.two > space.one > space.one._x");
  }

  @Test
  void wheel_isReadWithoutUnpacking() throws IOException {
    add("w", "w/__init__.py", "import numpy\nfrom . import x\n", "w/x.abi3.so", "native");
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      for (var each : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(each.getKey()));
        zip.write(bytes(each.getValue()));
      }
    }
    Path wheel = folder.resolve("w-1.0-cp311-abi3-manylinux_2_17_x86_64.whl");
    Files.write(wheel, bytes.toByteArray());
    try (Source source = Sources.open(wheel, Limits.standard())) {
      assertThat(told(ImportSearch.of(source, List.of("w/x.abi3.so"))))
          .containsExactly("w: w > w.x");
    }
  }

  @Test
  void withoutCode_nothingIsKnown() throws IOException {
    Files.write(folder.resolve("x.so"), elf(1));
    try (Source source = Sources.open(folder, Limits.standard())) {
      assertThat(ImportSearch.of(source, List.of("x.so"))).isEqualTo(PythonImports.unknown());
    }
  }
}
