package dev.sigill.installation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.installation.Installation.Kind;
import dev.sigill.platform.Architecture;
import dev.sigill.platform.OperatingSystem;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Computers laid out in a folder, with programs that are headers only. */
class InstallationsTest {
  private static final int X86_64 = 62;
  private static final int AARCH64 = 183;

  @TempDir Path folder;
  private Path root;
  private Path home;
  private Path current;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void layOut() throws IOException {
    root = folder.toRealPath();
    home = Files.createDirectories(root.resolve("home/ada"));
    current = Files.createDirectories(home.resolve("project"));
  }

  @Test
  void virtualEnvironment_activated_isActiveAndHasItsOwnVersion() throws IOException {
    Path python = elf("usr/bin/python3.11", X86_64);
    Files.createSymbolicLink(root.resolve("usr/bin/python3"), python);
    Path environmentFolder = virtual("home/ada/ml/.venv", python, "3.11.4");
    environment.put("VIRTUAL_ENV", environmentFolder.toString());
    environment.put(
        "PATH", environmentFolder.resolve("bin") + File.pathSeparator + root + "/usr/bin");
    List<Installation> found = find(OperatingSystem.LINUX);
    assertThat(found).hasSize(2);
    assertThat(found.getFirst().kind()).isEqualTo(Kind.VIRTUAL_ENVIRONMENT);
    assertThat(found.getFirst().root()).isEqualTo(environmentFolder);
    assertThat(found.getFirst().version()).isEqualTo("3.11.4");
    assertThat(found.getFirst().title()).isEqualTo("Python 3.11.4");
    assertThat(found.getFirst().found()).isEqualTo("VIRTUAL_ENV");
    assertThat(found.getFirst().isActive()).isTrue();
    assertThat(found.getFirst().architectures()).containsExactly(Architecture.X86_64);
    assertThat(found.get(1).kind()).isEqualTo(Kind.PYTHON);
    assertThat(found.get(1).root()).isEqualTo(root.resolve("usr"));
    assertThat(found.get(1).isActive()).isFalse();
  }

  @Test
  void python_ofPath_isFoundOnceWithPackagesOutside() throws IOException {
    Path python = elf("usr/bin/python3.10", AARCH64);
    Files.createSymbolicLink(root.resolve("usr/bin/python3"), python);
    Files.createSymbolicLink(root.resolve("usr/bin/python"), root.resolve("usr/bin/python3"));
    Files.createSymbolicLink(root.resolve("bin"), root.resolve("usr/bin"));
    write("usr/include/python3.10/patchlevel.h", "#define PY_VERSION   \"3.10.12\"\n");
    Path own = Files.createDirectories(home.resolve(".local/lib/python3.10/site-packages"));
    Path local = Files.createDirectories(root.resolve("usr/local/lib/python3.10/dist-packages"));
    environment.put("PATH", root + "/bin" + File.pathSeparator + root + "/usr/bin");
    List<Installation> found = find(OperatingSystem.LINUX);
    assertThat(found).hasSize(1);
    assertThat(found.getFirst().version()).isEqualTo("3.10.12");
    assertThat(found.getFirst().isActive()).isTrue();
    assertThat(found.getFirst().architectures()).containsExactly(Architecture.ARM64);
    assertThat(found.getFirst().packageFolders()).containsExactly(own, local);
  }

  @Test
  void script_namedPython_isNoInstallation() throws IOException {
    write("usr/bin/python3", "#!/bin/sh\nexec something\n");
    environment.put("PATH", root + "/usr/bin");
    assertThat(find(OperatingSystem.LINUX)).isEmpty();
  }

  @Test
  void pyenv_withStandInsOnPath_hasTheChosenVersionActive() throws IOException {
    elf("home/ada/.pyenv/versions/3.9.18/bin/python3.9", X86_64);
    elf("home/ada/.pyenv/versions/3.12.1/bin/python3", X86_64);
    write("home/ada/.pyenv/shims/python3", "#!/usr/bin/env bash\n");
    write("home/ada/.pyenv/version", "3.12.1\n");
    environment.put("PATH", home + "/.pyenv/shims");
    assertThat(find(OperatingSystem.LINUX))
        .extracting(Installation::version, Installation::isActive, Installation::found)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("3.12.1", true, "pyenv"),
            org.assertj.core.groups.Tuple.tuple("3.9.18", false, "pyenv"));
    write("home/ada/project/.python-version", "3.9.18\n");
    assertThat(find(OperatingSystem.LINUX).getFirst().version()).isEqualTo("3.9.18");
    environment.put("PYENV_VERSION", "../../../etc");
    assertThat(find(OperatingSystem.LINUX)).noneMatch(Installation::isActive);
  }

  @Test
  void conda_baseAndEnvironments_areFoundFromFolderListAndVariable() throws IOException {
    conda("home/ada/miniconda3", "3.11.7");
    Path active = conda("home/ada/miniconda3/envs/tf", "3.9.18");
    conda("data/envs/far", "3.10.1");
    Files.createDirectories(home.resolve("miniconda3/envs/r-only/conda-meta"));
    write("home/ada/.conda/environments.txt", root + "/data/envs/far\n" + root + "/gone\n\n");
    environment.put("CONDA_PREFIX", active.toString());
    List<Installation> found = find(OperatingSystem.LINUX);
    assertThat(found)
        .extracting(Installation::title)
        .containsExactly("Python 3.9.18 (conda)", "Python 3.10.1 (conda)", "Python 3.11.7 (conda)");
    assertThat(found).allMatch(i -> i.kind() == Kind.CONDA_ENVIRONMENT);
    assertThat(found.getFirst().isActive()).isTrue();
  }

  @Test
  void uvPipxAndOtherHomes_areFound() throws IOException {
    Path python =
        elf(
            "home/ada/.local/share/uv/python/cpython-3.13.2-linux-x86_64-gnu/bin/python3.13",
            X86_64);
    virtual("home/ada/.local/share/pipx/venvs/black", python, "3.13.2");
    virtual("home/ada/.local/share/uv/tools/ruff", python, "3.13.2");
    virtual("home/ada/.cache/pypoetry/virtualenvs/app-py3.13", python, "3.13.2");
    assertThat(find(OperatingSystem.LINUX))
        .extracting(Installation::found, Installation::version)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("uv", "3.13.2"),
            org.assertj.core.groups.Tuple.tuple("uv tool", "3.13.2"),
            org.assertj.core.groups.Tuple.tuple("pipx", "3.13.2"),
            org.assertj.core.groups.Tuple.tuple("Poetry", "3.13.2"));
  }

  @Test
  void environments_belowCurrentFolder_areFoundToABoundedDepth() throws IOException {
    Path python = elf("usr/bin/python3.11", X86_64);
    virtual("home/ada/project/.venv", python, "3.11.1");
    virtual("home/ada/project/services/api/venv", python, "3.11.2");
    virtual("home/ada/project/node_modules/tool/venv", python, "3.11.3");
    virtual("home/ada/project/.git/venv", python, "3.11.4");
    virtual("home/ada/project/a/b/c/d/e/venv", python, "3.11.5");
    Files.createSymbolicLink(current.resolve("loop"), current);
    assertThat(find(OperatingSystem.LINUX))
        .filteredOn(i -> i.kind() == Kind.VIRTUAL_ENVIRONMENT)
        .extracting(Installation::version)
        .containsExactly("3.11.1", "3.11.2");
  }

  @Test
  void mac_frameworksHomebrewAndTools_areFoundAndStandInsAreNot() throws IOException {
    fat("usr/bin/python3");
    fat("Library/Frameworks/Python.framework/Versions/3.12/bin/python3.12");
    Files.createSymbolicLink(
        root.resolve("Library/Frameworks/Python.framework/Versions/Current"),
        root.resolve("Library/Frameworks/Python.framework/Versions/3.12"));
    fat(
        "Library/Developer/CommandLineTools/Library/Frameworks/Python3.framework/Versions/3.9/bin/python3.9");
    machO(
        "opt/homebrew/Cellar/python@3.13/3.13.1/Frameworks/Python.framework/Versions/3.13/bin/python3.13");
    Files.createDirectories(root.resolve("opt/homebrew/opt"));
    Files.createSymbolicLink(
        root.resolve("opt/homebrew/opt/python@3.13"),
        root.resolve("opt/homebrew/Cellar/python@3.13/3.13.1"));
    environment.put("PATH", root + "/usr/bin");
    List<Installation> found = find(OperatingSystem.MACOS);
    assertThat(found)
        .extracting(Installation::found, Installation::version, Installation::isActive)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("Xcode", "3.9", true),
            org.assertj.core.groups.Tuple.tuple("python.org", "3.12", false),
            org.assertj.core.groups.Tuple.tuple("Homebrew", "3.13", false));
    assertThat(found.getFirst().architectures())
        .containsExactly(Architecture.X86_64, Architecture.ARM64);
    assertThat(found)
        .filteredOn(i -> i.found().equals("Homebrew"))
        .allSatisfy(i -> assertThat(i.architectures()).containsExactly(Architecture.ARM64));
  }

  @Test
  void windows_pythonJavaAndNode_areFound() throws IOException {
    pe("home/ada/AppData/Local/Programs/Python/Python312/python.exe");
    write(
        "home/ada/AppData/Local/Programs/Python/Python312/include/patchlevel.h",
        "#define PY_VERSION \"3.12.4\"\n");
    pe("Program Files/Eclipse Adoptium/jdk-21/bin/java.exe");
    write(
        "Program Files/Eclipse Adoptium/jdk-21/release",
        "IMPLEMENTOR=\"Eclipse Adoptium\"\nJAVA_VERSION=\"21.0.3\"\n");
    pe("Program Files/nodejs/node.exe");
    Files.createDirectories(root.resolve("Program Files/nodejs/node_modules"));
    write("home/ada/AppData/Local/Microsoft/WindowsApps/python.exe", "");
    assertThat(find(OperatingSystem.WINDOWS))
        .extracting(Installation::title)
        .containsExactly("Python 3.12.4", "Temurin 21.0.3", "Node.js");
  }

  @Test
  void java_ofPathAndFolders_isFoundOnceEach() throws IOException {
    java("usr/lib/jvm/temurin-21", "Eclipse Adoptium", "21.0.3");
    java("usr/lib/jvm/java-17", "Debian", "17.0.10");
    java("home/ada/.sdkman/candidates/java/11.0.22-zulu", "Azul Systems, Inc.", "11.0.22");
    Files.createSymbolicLink(
        home.resolve(".sdkman/candidates/java/current"),
        home.resolve(".sdkman/candidates/java/11.0.22-zulu"));
    Files.createSymbolicLink(
        root.resolve("usr/lib/jvm/default"), root.resolve("usr/lib/jvm/java-17"));
    Files.createDirectories(root.resolve("usr/bin"));
    Files.createSymbolicLink(
        root.resolve("usr/bin/java"), root.resolve("usr/lib/jvm/java-17/bin/java"));
    environment.put("PATH", root + "/usr/bin");
    environment.put("JAVA_HOME", root + "/usr/lib/jvm/temurin-21");
    assertThat(find(OperatingSystem.LINUX))
        .extracting(Installation::title, Installation::isActive, Installation::found)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("OpenJDK 17.0.10", true, "PATH"),
            org.assertj.core.groups.Tuple.tuple("Zulu 11.0.22", false, "SDKMAN!"),
            org.assertj.core.groups.Tuple.tuple("Temurin 21.0.3", false, "JAVA_HOME"));
  }

  @Test
  void javaHome_withoutJavaOnPath_isActive() throws IOException {
    java("opt/jdk/jdk-25", "Oracle Corporation", "25");
    environment.put("JAVA_HOME", root + "/opt/jdk/jdk-25");
    assertThat(find(OperatingSystem.LINUX))
        .singleElement()
        .satisfies(i -> assertThat(i.isActive()).isTrue())
        .satisfies(i -> assertThat(i.title()).isEqualTo("Oracle JDK 25"));
  }

  @Test
  void java_ofMacBundle_hasItsHomeAsRoot() throws IOException {
    java("Library/Java/JavaVirtualMachines/zulu-21.jdk/Contents/Home", "Azul Systems", "21.0.1");
    assertThat(find(OperatingSystem.MACOS))
        .singleElement()
        .satisfies(
            i ->
                assertThat(i.root())
                    .isEqualTo(
                        root.resolve(
                            "Library/Java/JavaVirtualMachines/zulu-21.jdk/Contents/Home")));
  }

  @Test
  void node_ofNvmAndProject_isFound() throws IOException {
    elf("home/ada/.nvm/versions/node/v20.11.0/bin/node", AARCH64);
    Path packages =
        Files.createDirectories(home.resolve(".nvm/versions/node/v20.11.0/lib/node_modules/npm"));
    Files.createDirectories(current.resolve("node_modules/sharp"));
    elf("usr/bin/node", X86_64);
    write(
        "usr/include/node/node_version.h",
        """
        #define NODE_MAJOR_VERSION 18
        #define NODE_MINOR_VERSION 19
        #define NODE_PATCH_VERSION 1
        """);
    environment.put("PATH", root + "/usr/bin");
    List<Installation> found = find(OperatingSystem.LINUX);
    assertThat(found)
        .extracting(Installation::title)
        .containsExactly("Node.js 18.19.1", "Node.js 20.11.0", "node_modules of project");
    assertThat(found.getFirst().isActive()).isTrue();
    assertThat(found.getFirst().root()).isEqualTo(root.resolve("usr/bin/node"));
    assertThat(found.get(1).root()).isEqualTo(packages.getParent());
    assertThat(found.get(2).executable()).isEmpty();
  }

  @Test
  void links_inCircles_end() throws IOException {
    Files.createDirectories(home.resolve(".pyenv/versions"));
    Files.createSymbolicLink(home.resolve(".pyenv/versions/a"), home.resolve(".pyenv/versions/b"));
    Files.createSymbolicLink(home.resolve(".pyenv/versions/b"), home.resolve(".pyenv/versions/a"));
    Files.createSymbolicLink(home.resolve(".venv"), home);
    environment.put("PATH", "relative" + File.pathSeparator + root + "/none" + File.pathSeparator);
    environment.put("VIRTUAL_ENV", "\u0000");
    environment.put("JAVA_HOME", "not absolute");
    assertThat(find(OperatingSystem.LINUX)).isEmpty();
  }

  @Test
  void damagedPrograms_haveNoArchitectureAndDoNoHarm() throws IOException {
    Path python = elf("home/ada/.pyenv/versions/3.9.18/bin/python3.9", X86_64);
    byte[] whole = Files.readAllBytes(python);
    for (int length = 0; length < whole.length; length++) {
      Files.write(python, java.util.Arrays.copyOf(whole, length));
      assertThat(find(OperatingSystem.LINUX)).hasSizeLessThan(2);
    }
  }

  @Test
  void find_onThisVeryComputer_givesWholeAnswers() {
    List<Installation> found = Installations.find(current);
    assertThat(found)
        .filteredOn(i -> i.kind() == Kind.JAVA)
        .allSatisfy(i -> assertThat(i.architectures()).isNotEmpty());
    assertThat(found).allSatisfy(i -> assertThat(i.root()).exists());
  }

  private List<Installation> find(OperatingSystem system) {
    return Installations.find(new Places(root, home, current, system, environment::get));
  }

  private Path virtual(String path, Path python, String version) throws IOException {
    Path made = Files.createDirectories(root.resolve(path));
    Files.createDirectories(made.resolve("bin"));
    Files.createSymbolicLink(made.resolve("bin/python3"), python);
    Files.createSymbolicLink(made.resolve("bin/python"), made.resolve("bin/python3"));
    Files.writeString(
        made.resolve("pyvenv.cfg"),
        "home = " + python.getParent() + "\nversion = " + version + "\n");
    return made;
  }

  private Path conda(String path, String version) throws IOException {
    elf(path + "/bin/python3.x", X86_64);
    Files.move(root.resolve(path + "/bin/python3.x"), root.resolve(path + "/bin/python"));
    write(path + "/conda-meta/python-" + version + "-h955ad1f_0.json", "{}");
    return root.resolve(path);
  }

  private void java(String path, String implementor, String version) throws IOException {
    elf(path + "/bin/java", X86_64);
    write(
        path + "/release",
        "IMPLEMENTOR=\"" + implementor + "\"\nJAVA_VERSION=\"" + version + "\"\n");
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Path bytes(String path, byte[] bytes) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes);
  }

  /** An ELF header of a position-independent program, and no more. */
  private Path elf(String path, int machine) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
    header.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
    header.putShort(16, (short) 2).putShort(18, (short) machine).putInt(20, 1);
    header.putShort(52, (short) 64);
    return bytes(path, header.array());
  }

  private static byte[] machOHeader(int cpu) {
    ByteBuffer header = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(0xfeedfacf).putInt(cpu).putInt(cpu == 0x01000007 ? 3 : 0).putInt(2);
    return header.array();
  }

  private void machO(String path) throws IOException {
    bytes(path, machOHeader(0x0100000C));
  }

  /** A universal binary of x86-64 and arm64. */
  private void fat(String path) throws IOException {
    ByteBuffer file = ByteBuffer.allocate(0x4000 + 64);
    file.putInt(0xcafebabe).putInt(2);
    file.putInt(0x01000007).putInt(3).putInt(0x1000).putInt(64).putInt(12);
    file.putInt(0x0100000C).putInt(0).putInt(0x4000).putInt(64).putInt(14);
    file.position(0x1000).put(machOHeader(0x01000007));
    file.position(0x4000).put(machOHeader(0x0100000C));
    bytes(path, file.array());
  }

  private void pe(String path) throws IOException {
    ByteBuffer file = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
    file.put((byte) 'M').put((byte) 'Z').putInt(0x3c, 0x80);
    file.putInt(0x80, 0x4550).putShort(0x84, (short) 0x8664);
    file.putShort(0x94, (short) 240).putShort(0x96, (short) 0x22).putShort(0x98, (short) 0x20b);
    bytes(path, file.array());
  }
}
