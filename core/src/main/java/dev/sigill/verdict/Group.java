package dev.sigill.verdict;

import dev.sigill.analysis.Requirements;
import dev.sigill.image.Format;
import dev.sigill.image.Image;
import dev.sigill.isa.Feature;
import dev.sigill.isa.FeatureSet;
import dev.sigill.machine.Machine;
import dev.sigill.machine.SystemProfile.Libc;
import dev.sigill.machine.Translator;
import dev.sigill.platform.Architecture;
import dev.sigill.platform.OperatingSystem;
import dev.sigill.source.Distribution;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The native images of one package, or those of a container that belong to none, parted by whether
 * a process of the machine would load them. A package may carry images for many platforms; a
 * process takes those of its own system, architecture and C library.
 *
 * @param distribution the package, or null
 * @param judged the images that a process of the machine would load, or would try to
 * @param others the images for other platforms
 */
record Group(
    @Nullable Distribution distribution, List<Requirements> judged, List<Requirements> others) {
  /** What the {@code x86_64h} slice of clang's {@code core-avx2} takes for granted. */
  private static final FeatureSet HASWELL =
      FeatureSet.of(
          Feature.AVX2,
          Feature.BMI1,
          Feature.BMI2,
          Feature.FMA,
          Feature.F16C,
          Feature.LZCNT,
          Feature.MOVBE);

  Group {
    judged = List.copyOf(judged);
    others = List.copyOf(others);
  }

  static Group of(@Nullable Distribution distribution, List<Requirements> images, Machine machine) {
    var fitting = new ArrayList<Requirements>();
    var siblings = new ArrayList<Requirements>();
    var otherLibc = new ArrayList<Requirements>();
    var others = new ArrayList<Requirements>();
    boolean hasOwnLibc = false;
    for (Requirements image : images) {
      if (!isLoadable(image)) {
        continue;
      }
      var platform = ImagePlatform.of(image);
      if (!systemFits(platform, machine)) {
        others.add(image);
      } else if (!architectureFits(image, machine)) {
        (isSiblingProcess(image, machine) ? siblings : others).add(image);
      } else if (libcFits(platform.libc(), machine)) {
        fitting.add(image);
        hasOwnLibc |= platform.libc() != Libc.NONE && machine.system().libc() == platform.libc();
      } else {
        otherLibc.add(image);
      }
    }
    if (machine.system().isAny()) {
      preferUsualSystems(fitting, others);
    }
    (hasOwnLibc ? others : fitting).addAll(otherLibc);
    (fitting.isEmpty() ? fitting : others).addAll(siblings);
    preferHaswellSlices(fitting, others);
    return new Group(distribution, inOrder(images, fitting), inOrder(images, others));
  }

  /**
   * Whether a loader of native code takes such a file at all: not code for graphics processors, and
   * not .NET assemblies for any processor, whose runtime compiles them.
   */
  static boolean isLoadable(Requirements image) {
    return (image.kind() == Image.Kind.SHARED_LIBRARY || image.kind() == Image.Kind.EXECUTABLE)
        && image.architecture() != Architecture.GPU
        && image.architecture() != Architecture.WASM32
        && !image.subtype().equals("anycpu");
  }

  static boolean systemFits(ImagePlatform platform, Machine machine) {
    return machine.system().isAny()
        || platform.system() == OperatingSystem.UNKNOWN
        || machine.system().system() == platform.system();
  }

  static boolean architectureFits(Requirements image, Machine machine) {
    Architecture process = machine.architecture();
    if (image.subtype().equals("x86_64h")) {
      return process == Architecture.X86_64
          && machine.translator() == Translator.NONE
          && machine.advertised().containsAll(HASWELL);
    }
    boolean isEmulatedOnArm =
        process == Architecture.ARM64EC
            || (process == Architecture.X86_64 && machine.translator() == Translator.PRISM);
    if (image.architecture() == Architecture.ARM64EC
        || (image.format() == Format.PE && image.subtype().equals("arm64x"))) {
      return isEmulatedOnArm || image.architecture() == process;
    }
    return image.architecture() == process;
  }

  /**
   * Whether the system would start the program as a process of its own 32-bit architecture. On
   * macOS none does since 10.15.
   */
  private static boolean isSiblingProcess(Requirements image, Machine machine) {
    if (image.kind() != Image.Kind.EXECUTABLE || image.format() == Format.MACH_O) {
      return false;
    }
    return switch (image.architecture()) {
      case I386 -> machine.architecture() == Architecture.X86_64;
      case ARM -> machine.architecture() == Architecture.ARM64;
      default -> false;
    };
  }

  private static boolean libcFits(Libc wanted, Machine machine) {
    Libc offered = machine.system().libc();
    return wanted == Libc.NONE || offered == Libc.NONE || wanted == offered;
  }

  /**
   * Where the machine leaves the system open, images for the usual ones stand for the package;
   * those for others count only where it has nothing else.
   */
  private static void preferUsualSystems(List<Requirements> fitting, List<Requirements> others) {
    Map<Boolean, List<Requirements>> parts =
        fitting.stream()
            .collect(
                Collectors.partitioningBy(
                    image ->
                        switch (ImagePlatform.of(image).system()) {
                          case LINUX, MACOS, WINDOWS -> true;
                          default -> false;
                        }));
    if (!parts.get(true).isEmpty()) {
      fitting.clear();
      fitting.addAll(parts.get(true));
      others.addAll(parts.get(false));
    }
  }

  /** The system takes the {@code x86_64h} slice before the plain one where it takes it at all. */
  private static void preferHaswellSlices(List<Requirements> fitting, List<Requirements> others) {
    Set<String> haswell = new HashSet<>();
    for (Requirements image : fitting) {
      if (image.subtype().equals("x86_64h")) {
        haswell.add(image.path());
      }
    }
    for (Requirements image : List.copyOf(fitting)) {
      if (haswell.contains(image.path()) && !image.subtype().equals("x86_64h")) {
        fitting.remove(image);
        others.add(image);
      }
    }
  }

  private static List<Requirements> inOrder(List<Requirements> all, List<Requirements> part) {
    if (part.size() == all.size()) {
      return all;
    }
    Set<Requirements> wanted =
        java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());
    wanted.addAll(part);
    return all.stream().filter(wanted::contains).toList();
  }
}
