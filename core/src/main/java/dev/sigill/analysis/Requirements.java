package dev.sigill.analysis;

import dev.sigill.bytes.Problem;
import dev.sigill.image.Format;
import dev.sigill.image.Image;
import dev.sigill.image.Needed;
import dev.sigill.image.PlatformVersion;
import dev.sigill.image.VersionNeed;
import dev.sigill.platform.Architecture;
import java.util.List;
import java.util.stream.Stream;

/**
 * What one image needs of a machine. Plain data without references to the file, so that it can be
 * kept.
 *
 * @param path the image's path within the target, as in {@code Member.path()}; slices of a
 *     universal file share one
 * @param format the file format
 * @param architecture the instruction set
 * @param isBigEndian the byte order of its data
 * @param kind what it is made for
 * @param platform the operating system and least version it states
 * @param installName the name under which others ask for it, or empty
 * @param needed the libraries that the loader must find
 * @param searchPaths where the loader looks first, as written
 * @param versionNeeds the symbol versions needed of other libraries
 * @param loadAlignment the least alignment, in bytes, of its loadable segments in file and memory,
 *     or 0
 * @param hasExecutableStack whether it asks for an executable stack
 * @param isaLevelNeeded the x86-64 level (1 to 4) that its GNU property note demands of the loader,
 *     or 0
 * @param subtype the format's own finer name for the processor ({@code x86_64h}, {@code arm64e}),
 *     or empty
 * @param entryPoints exported functions by which hosts start it: {@code PyInit_*}, {@code
 *     JNI_OnLoad}, {@code napi_register_module_v1} …
 * @param offers the names of the functions by which other code may use it, where it is small and no
 *     host starts it; else none
 * @param openMpRuntime which OpenMP runtime this image itself is ({@code libgomp}, {@code
 *     libiomp5}, {@code libomp}, {@code vcomp}), or empty
 * @param load what its initialisers, and those of the libraries it loads, reach
 * @param importing what its entry points reach when a host starts it as an extension
 * @param use what its functions reach when they are called
 * @param contained what the whole of its code contains, guarded or not
 * @param problems what could not be read
 */
public record Requirements(
    String path,
    Format format,
    Architecture architecture,
    boolean isBigEndian,
    Image.Kind kind,
    PlatformVersion platform,
    String installName,
    List<Needed> needed,
    List<String> searchPaths,
    List<VersionNeed> versionNeeds,
    long loadAlignment,
    boolean hasExecutableStack,
    int isaLevelNeeded,
    String subtype,
    List<String> entryPoints,
    List<String> offers,
    String openMpRuntime,
    StageRequirements load,
    StageRequirements importing,
    StageRequirements use,
    ContainedCode contained,
    List<Problem> problems) {
  public Requirements {
    needed = List.copyOf(needed);
    searchPaths = List.copyOf(searchPaths);
    versionNeeds = List.copyOf(versionNeeds);
    entryPoints = List.copyOf(entryPoints);
    offers = List.copyOf(offers);
    problems = List.copyOf(problems);
  }

  /** The same image with more known of its whole code. */
  public Requirements withContained(ContainedCode code) {
    return new Requirements(
        path,
        format,
        architecture,
        isBigEndian,
        kind,
        platform,
        installName,
        needed,
        searchPaths,
        versionNeeds,
        loadAlignment,
        hasExecutableStack,
        isaLevelNeeded,
        subtype,
        entryPoints,
        offers,
        openMpRuntime,
        load,
        importing,
        use,
        code,
        problems);
  }

  /** The instructions of all stages, in the order of stages. */
  public List<InstructionNeed> instructions() {
    return Stream.of(load, importing, use).flatMap(s -> s.instructions().stream()).toList();
  }

  /** The self-checks of all stages, in the order of stages. */
  public List<SelfCheck> selfChecks() {
    return Stream.of(load, importing, use).flatMap(s -> s.selfChecks().stream()).toList();
  }
}
