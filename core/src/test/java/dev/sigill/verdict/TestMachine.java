package dev.sigill.verdict;

import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.machine.Machine;
import dev.sigill.machine.SystemProfile;
import dev.sigill.machine.SystemProfile.Libc;
import dev.sigill.machine.Translator;
import dev.sigill.platform.Architecture;
import dev.sigill.platform.OperatingSystem;
import dev.sigill.platform.Version;
import java.util.List;
import java.util.Set;

/** Builds a machine for a test. */
final class TestMachine {
  private final String name;
  private Architecture architecture = Architecture.X86_64;
  private Architecture host = Architecture.X86_64;
  private FeatureSet advertised;
  private FeatureSet executes;
  private FeatureSet uncertain = FeatureSet.empty();
  private Translator translator = Translator.NONE;
  private SystemProfile system = SystemProfile.ANY;
  private int pageSize;

  private TestMachine(String name, FeatureSet features) {
    this.name = name;
    this.advertised = features;
    this.executes = features;
  }

  /** x86-64-v2, no operating system. */
  static TestMachine nehalem() {
    return new TestMachine("nehalem", Levels.features(2));
  }

  /** x86-64-v3, no operating system. */
  static TestMachine haswell() {
    return new TestMachine("haswell", Levels.features(3));
  }

  static TestMachine core2() {
    return new TestMachine(
        "core2duo", Levels.features(1).with(FeatureSet.of(Feature.SSE3, Feature.SSSE3)));
  }

  /** Apple silicon, native. */
  static TestMachine m1(String version) {
    var machine =
        new TestMachine("m1", FeatureSet.of(Feature.FEAT_LSE, Feature.FEAT_DOTPROD)).macos(version);
    machine.architecture = Architecture.ARM64;
    machine.host = Architecture.ARM64;
    return machine;
  }

  static TestMachine arm64() {
    var machine = new TestMachine("rpi4", FeatureSet.of(Feature.FEAT_CRC32));
    machine.architecture = Architecture.ARM64;
    machine.host = Architecture.ARM64;
    return machine;
  }

  /** x86-64 processes on Apple silicon; from macOS 15 AVX and AVX2 run and are not reported. */
  static TestMachine rosetta(String version) {
    var machine = new TestMachine("m1-rosetta-macos" + version, Levels.features(2)).macos(version);
    machine.host = Architecture.ARM64;
    machine.translator = Translator.ROSETTA_2;
    if (!new Version(version).isBelow(new Version("15"))) {
      machine.executes =
          machine.executes.with(FeatureSet.of(Feature.AVX, Feature.AVX2, Feature.FMA));
      machine.uncertain = FeatureSet.of(Feature.FMA);
    }
    return machine;
  }

  TestMachine macos(String version) {
    return system(OperatingSystem.MACOS, version, Libc.NONE, "", "");
  }

  TestMachine windows(String version) {
    return system(OperatingSystem.WINDOWS, version, Libc.NONE, "", "");
  }

  TestMachine glibc(String version) {
    return system(OperatingSystem.LINUX, "", Libc.GLIBC, version, "");
  }

  TestMachine glibc(String version, String glibcxx) {
    return system(OperatingSystem.LINUX, "", Libc.GLIBC, version, glibcxx);
  }

  TestMachine musl() {
    return system(OperatingSystem.LINUX, "3.20", Libc.MUSL, "1.2", "");
  }

  TestMachine system(
      OperatingSystem os, String version, Libc libc, String libcVersion, String glibcxx) {
    system =
        new SystemProfile(
            os.id() + version,
            (os.title() + " " + version).strip(),
            os,
            new Version(version),
            libc,
            new Version(libcVersion),
            new Version(glibcxx));
    return this;
  }

  /** A Linux that does not start below an x86-64 level. */
  TestMachine systemLevel(int level) {
    glibc("2.39");
    system =
        new SystemProfile(
            "linux-v" + level,
            "Linux for x86-64-v" + level,
            system.system(),
            system.version(),
            system.libc(),
            system.libcVersion(),
            system.glibcxx(),
            level);
    return this;
  }

  /** Libraries that are installed, as the computer that the program runs on knows them. */
  TestMachine installed(String... libraries) {
    glibc("2.39");
    system =
        new SystemProfile(
            system.name(),
            system.title(),
            system.system(),
            system.version(),
            system.libc(),
            system.libcVersion(),
            system.glibcxx(),
            0,
            Set.of(libraries));
    return this;
  }

  TestMachine translator(Translator value, Architecture hostArchitecture) {
    translator = value;
    host = hostArchitecture;
    return this;
  }

  TestMachine pageSize(int bytes) {
    pageSize = bytes;
    return this;
  }

  TestMachine with(FeatureSet more) {
    advertised = advertised.with(more);
    executes = executes.with(more);
    return this;
  }

  Machine build() {
    return new Machine(
        name,
        name,
        architecture,
        advertised,
        executes,
        uncertain,
        translator,
        host,
        system,
        pageSize,
        List.of());
  }
}
