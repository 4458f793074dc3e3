package dev.sigill.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** Which imports a module's code always gets to, by its text. */
class ModuleReaderTest {
  /** {@code always NAME} or {@code maybe NAME} for each import, dots and taken names included. */
  private static List<String> imports(String... lines) {
    return ModuleReader.read(String.join("\n", lines).getBytes(StandardCharsets.UTF_8))
        .imports()
        .stream()
        .map(
            i ->
                (i.when() == ImportStatement.When.ALWAYS ? "always " : "maybe ")
                    + ".".repeat(i.level())
                    + i.module()
                    + (i.names().isEmpty() ? "" : ":" + String.join(",", i.names())))
        .toList();
  }

  @Test
  void topLevel_isAlwaysReached() {
    assertThat(
            imports(
                "\"\"\"A text: import nothing\"\"\"",
                "from __future__ import annotations",
                "import numpy as np, os.path",
                "from . import a, b as c",
                "from ..up.x import (  # a comment, with a comma",
                "    one as uno,",
                "    two,",
                ")",
                "from .core import *",
                "x = 'import y'; import z",
                "import \\",
                "  continued"))
        .containsExactly(
            "always __future__:annotations",
            "always numpy",
            "always os.path",
            "always .:a,b",
            "always ..up.x:one,two",
            "always .core:*",
            "always z",
            "always continued");
  }

  @Test
  void conditionsLoopsAndFunctions_areNotAlwaysReached() {
    assertThat(
            imports(
                "if has_avx2():",
                "    from ._x_avx2 import f",
                "else: import plain",
                "for x in y:",
                "  import a",
                "def g(",
                "    argument=None,",
                "):",
                "    import b",
                "async def h():",
                "  import c",
                "class C:",
                "    import d",
                "    def m(self):",
                "        import e",
                "match x:",
                "    case 1:",
                "        import f",
                "import last"))
        .containsExactly(
            "maybe ._x_avx2:f",
            "maybe plain",
            "maybe a",
            "maybe b",
            "maybe c",
            "always d",
            "maybe e",
            "maybe f",
            "always last");
  }

  @Test
  void typeChecking_importsNothing() {
    assertThat(
            imports(
                "if TYPE_CHECKING:",
                "    import a",
                "if typing.TYPE_CHECKING: import b",
                "if not TYPE_CHECKING:",
                "    import c",
                "if __name__ == '__main__':",
                "    import d"))
        .containsExactly("always c");
  }

  @Test
  void try_isTriedUntilSomethingElseMayFail() {
    assertThat(
            imports(
                "try:",
                "    FOUND = True",
                "    import a",
                "    version = a.version()",
                "    import b",
                "except ImportError:",
                "    import c",
                "else:",
                "    import d",
                "finally:",
                "    import e",
                "with suppress(ImportError):",
                "    import f",
                "    f.start()",
                "    import g",
                "with warnings.catch_warnings():",
                "    warnings.simplefilter('ignore')",
                "    import h"))
        .containsExactly(
            "always a",
            "maybe b",
            "maybe c",
            "maybe d",
            "always e",
            "always f",
            "maybe g",
            "always h");
  }

  @Test
  void whatFollowsRaiseOrExit_isNotReached() {
    assertThat(imports("import a", "raise ImportError('no')", "import b"))
        .containsExactly("always a", "maybe b");
    assertThat(imports("import a", "sys.exit(1)", "import b"))
        .containsExactly("always a", "maybe b");
    assertThat(imports("if old:", "  raise ImportError", "import b")).containsExactly("always b");
  }

  @Test
  void strings_holdNoCode() {
    assertThat(
            imports(
                "s = '''",
                "import a",
                "'''",
                "t = r'\\'; x = f\"{y['import b']}\"",
                "u = 'it\\'s'",
                "v = \"unclosed",
                "import c"))
        .containsExactly("always c");
  }

  @Test
  void names_areThoseOfOtherThings() {
    ModuleCode code =
        ModuleReader.read(
            String.join(
                    "\n",
                    "from . import own",
                    "from .own import taken as alias, other",
                    "import json.decoder",
                    "VALUE: int = 1",
                    "def function(): local = 1",
                    "class Type:",
                    "  attribute = 2",
                    "if x:",
                    "  late = 3",
                    "a == b")
                .getBytes(StandardCharsets.UTF_8));
    assertThat(code.names())
        .containsExactlyInAnyOrder("alias", "other", "json", "VALUE", "function", "Type", "late");
  }

  @Property(tries = 500)
  void reading_neverThrows(
      @ForAll
          @StringLength(max = 200)
          @Chars({
            'i', 'm', 'p', 'o', 'r', 't', 'f', ' ', '\n', '\t', '\\', '\'', '"', '(', ')', ':', ';',
            '.', ',', '#', '\r', '*', 'é'
          })
          String text) {
    assertThatCode(() -> ModuleReader.read(text.getBytes(StandardCharsets.UTF_8)))
        .doesNotThrowAnyException();
    assertThatCode(() -> ModuleReader.read(("from " + text).getBytes(StandardCharsets.UTF_8)))
        .doesNotThrowAnyException();
  }
}
