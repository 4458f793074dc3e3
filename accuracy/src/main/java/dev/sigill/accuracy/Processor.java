package dev.sigill.accuracy;

import dev.sigill.isa.Feature;
import dev.sigill.machine.Machine;
import dev.sigill.machine.Machines;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A processor on which packages are run: QEMU's name for it and the catalog's.
 *
 * @param model QEMU's name, as after {@code -cpu}
 * @param machine the machine's name in Sigill's catalog
 */
record Processor(String model, String machine) {
  /** Oldest first. */
  static final List<Processor> ALL =
      List.of(
          new Processor("Conroe", "core2duo"),
          new Processor("Nehalem", "nehalem"),
          new Processor("SandyBridge", "sandybridge"),
          new Processor("Haswell", "haswell"));

  /**
   * The processor of QEMU's name.
   *
   * @throws IllegalArgumentException where none is measured under that name
   */
  static Processor ofModel(String model) {
    return ALL.stream()
        .filter(p -> p.model().equals(model))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no such processor: " + model));
  }

  Machine inCatalog() {
    return Machines.named(machine);
  }

  /**
   * What {@code /proc/cpuinfo} would hold on this processor, one logical processor. Programs that
   * choose their code by that file would otherwise see the computer that the emulator runs on.
   */
  String cpuinfo() {
    String flags =
        inCatalog().advertised().toList().stream()
            .map(Feature::linuxName)
            .filter(name -> !name.isEmpty())
            .distinct()
            .collect(Collectors.joining(" "));
    return """
    processor\t: 0
    vendor_id\t: GenuineIntel
    cpu family\t: 6
    model\t\t: 15
    model name\t: %s
    stepping\t: 1
    cpu MHz\t\t: 2000.000
    cache size\t: 4096 KB
    physical id\t: 0
    siblings\t: 1
    core id\t\t: 0
    cpu cores\t: 1
    fpu\t\t: yes
    cpuid level\t: 13
    wp\t\t: yes
    flags\t\t: de pse tsc msr pae mce apic sep mtrr pge mca pat clflush syscall nx lm constant_tsc %s
    bogomips\t: 4000.00
    clflush size\t: 64
    cache_alignment\t: 64
    address sizes\t: 40 bits physical, 48 bits virtual

    """
        .formatted(model, flags);
  }
}
