package dev.sigill.image.elf;

import dev.sigill.bytes.Problem;
import dev.sigill.image.Initialiser;
import dev.sigill.image.Slot;
import java.util.ArrayList;
import java.util.List;

/**
 * What the loader calls when it loads an image, in its order: resolvers while it relocates, then
 * {@code DT_PREINIT_ARRAY}, {@code DT_INIT} and {@code DT_INIT_ARRAY} (gABI chapter 5,
 * "Initialization and Termination Functions").
 */
final class ElfInitialisers {
  private static final int MOST = 1 << 22;

  private ElfInitialisers() {}

  static List<Initialiser> read(
      ElfLayout layout, DynamicSection dynamic, Relocations relocations, ElfProblems problems) {
    if (layout.isObject() || layout.isDebug() || layout.header.type() == Elf.ET_CORE) {
      return List.of();
    }
    var out = new ArrayList<Initialiser>();
    List<Long> resolvers = relocations.resolvers();
    for (int i = 0; i < resolvers.size(); i++) {
      out.add(
          new Initialiser(
              Initialiser.Kind.IFUNC_RESOLVER,
              i,
              resolvers.size(),
              code(layout, relocations, resolvers.get(i))));
    }
    if (dynamic.isPresent()) {
      array(
          layout,
          relocations,
          problems,
          Initialiser.Kind.PREINIT_ARRAY,
          dynamic.value(Elf.DT_PREINIT_ARRAY, 0),
          dynamic.value(Elf.DT_PREINIT_ARRAYSZ, 0),
          out);
      long init = dynamic.value(Elf.DT_INIT, 0);
      if (init != 0) {
        out.add(new Initialiser(Initialiser.Kind.INIT, 0, 1, code(layout, relocations, init)));
      }
      array(
          layout,
          relocations,
          problems,
          Initialiser.Kind.INIT_ARRAY,
          dynamic.value(Elf.DT_INIT_ARRAY, 0),
          dynamic.value(Elf.DT_INIT_ARRAYSZ, 0),
          out);
      return List.copyOf(out);
    }
    // A static program's start code finds its arrays by symbols; sections tell where they are.
    section(layout, relocations, problems, Elf.SHT_PREINIT_ARRAY, out);
    for (ElfSectionHeader section : layout.sections) {
      if (section.name().equals(".init") && section.holdsCode() && section.size() > 0) {
        out.add(
            new Initialiser(
                Initialiser.Kind.INIT, 0, 1, code(layout, relocations, section.address())));
        break;
      }
    }
    section(layout, relocations, problems, Elf.SHT_INIT_ARRAY, out);
    return List.copyOf(out);
  }

  private static void section(
      ElfLayout layout,
      Relocations relocations,
      ElfProblems problems,
      int type,
      List<Initialiser> out) {
    for (ElfSectionHeader section : layout.sections) {
      if (section.type() == type && section.isAllocated()) {
        array(
            layout,
            relocations,
            problems,
            type == Elf.SHT_INIT_ARRAY
                ? Initialiser.Kind.INIT_ARRAY
                : Initialiser.Kind.PREINIT_ARRAY,
            section.address(),
            section.size(),
            out);
        return;
      }
    }
  }

  private static void array(
      ElfLayout layout,
      Relocations relocations,
      ElfProblems problems,
      Initialiser.Kind kind,
      long address,
      long size,
      List<Initialiser> out) {
    int wordSize = layout.file.wordSize();
    long stated = size / wordSize;
    if (stated == 0) {
      return;
    }
    long most = Math.min(MOST, layout.fileRoom(address) / wordSize);
    if (size < 0 || stated > most) {
      problems.partLost(
          Problem.Code.OUT_OF_RANGE,
          Math.max(0, layout.fileOffset(address)),
          kind == Initialiser.Kind.INIT_ARRAY ? "DT_INIT_ARRAYSZ" : "DT_PREINIT_ARRAYSZ",
          size,
          most * wordSize);
    }
    int count = (int) (size < 0 ? most : Math.min(stated, most));
    for (int i = 0; i < count; i++) {
      long target = target(layout, relocations, address + (long) i * wordSize);
      // Start code of several C libraries passes over 0 and -1, which old linkers put at the ends.
      if (target != 0 && target != (layout.file.is64() ? -1L : 0xffff_ffffL)) {
        out.add(new Initialiser(kind, i, count, code(layout, relocations, target)));
      }
    }
  }

  /** What an entry holds when the loader calls it, or 0 where another image decides. */
  private static long target(ElfLayout layout, Relocations relocations, long place) {
    return switch (relocations.slot(place)) {
      case Slot.Local local -> local.address();
      case Slot.Imported imported -> relocations.ownDefinition(imported);
      case Slot.Resolved _ -> 0;
      case Slot.None _ -> {
        long offset = layout.fileOffset(place, layout.file.wordSize());
        yield offset < 0 ? 0 : layout.file.word(offset);
      }
    };
  }

  /**
   * The address of the code that a function pointer leads to: on 64-bit Power with the first ABI it
   * points to a descriptor whose first word is the address; on Arm its lowest bit means Thumb.
   */
  private static long code(ElfLayout layout, Relocations relocations, long pointer) {
    int machine = layout.header.machine();
    if (machine == Elf.EM_ARM) {
      return pointer & ~1L;
    }
    boolean hasDescriptors =
        machine == Elf.EM_PPC64
            && (layout.header.flags() & 3) < 2
            && layout.file.order() == java.nio.ByteOrder.BIG_ENDIAN
            && !layout.isExecutable(pointer);
    if (!hasDescriptors) {
      return pointer;
    }
    long code = target(layout, relocations, pointer);
    return code == 0 ? pointer : code;
  }
}
