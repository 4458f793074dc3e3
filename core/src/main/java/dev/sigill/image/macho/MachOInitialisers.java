package dev.sigill.image.macho;

import dev.sigill.bytes.Problem;
import dev.sigill.image.Initialiser;
import dev.sigill.image.Slot;
import java.util.ArrayList;
import java.util.List;

/**
 * What runs when an image is loaded, in the order in which it does. The Objective-C runtime, told
 * by dyld before the image's own initialisers run, calls {@code +load} methods: classes in the
 * order of {@code __objc_nlclslist}, each after its superclass, then categories. Then dyld calls
 * the function of {@code LC_ROUTINES}, the pointers of all {@code S_MOD_INIT_FUNC_POINTERS}
 * sections and the functions of all {@code S_INIT_FUNC_OFFSETS} sections, in the order of the file.
 * Those of {@code S_THREAD_LOCAL_INIT_FUNCTION_POINTERS} come last: they run when a thread first
 * uses a thread-local variable of the image.
 */
final class MachOInitialisers {
  /** More than this is no linker's work. */
  private static final int MOST = 1 << 20;

  private final MachOLayout layout;
  private final Fixups fixups;
  private final MachOProblems problems;

  private MachOInitialisers(MachOLayout layout, Fixups fixups, MachOProblems problems) {
    this.layout = layout;
    this.fixups = fixups;
    this.problems = problems;
  }

  static List<Initialiser> read(
      MachOLayout layout, LoadCommands commands, Fixups fixups, MachOProblems problems) {
    if (layout.header.isObject() || layout.header.filetype() == MachO.MH_DSYM) {
      return List.of();
    }
    return new MachOInitialisers(layout, fixups, problems).all(commands);
  }

  private List<Initialiser> all(LoadCommands commands) {
    var out = new ArrayList<Initialiser>();
    add(out, Initialiser.Kind.OBJC_LOAD, new ObjectiveC(layout, fixups, problems).loadMethods());
    if (commands.routines != 0) {
      add(out, Initialiser.Kind.ROUTINES, List.of(commands.routines));
    }
    var functions = new ArrayList<Long>();
    for (MachOSection section : layout.numberedSections) {
      if (section.type() == MachO.S_MOD_INIT_FUNC_POINTERS) {
        pointers(section, functions);
      }
    }
    for (MachOSection section : layout.numberedSections) {
      if (section.type() == MachO.S_INIT_FUNC_OFFSETS) {
        offsets(section, functions);
      }
    }
    add(out, Initialiser.Kind.MOD_INIT, functions);
    var threadFunctions = new ArrayList<Long>();
    for (MachOSection section : layout.numberedSections) {
      if (section.type() == MachO.S_THREAD_LOCAL_INIT_FUNCTION_POINTERS) {
        pointers(section, threadFunctions);
      }
    }
    add(out, Initialiser.Kind.THREAD_INIT, threadFunctions);
    return List.copyOf(out);
  }

  private static void add(List<Initialiser> out, Initialiser.Kind kind, List<Long> functions) {
    for (int i = 0; i < functions.size(); i++) {
      out.add(new Initialiser(kind, i, functions.size(), functions.get(i)));
    }
  }

  private void pointers(MachOSection section, List<Long> functions) {
    int wordSize = layout.file.wordSize();
    long count = section.fileSize() / wordSize;
    for (long i = 0; i < count; i++) {
      if (isFull(section, functions)) {
        return;
      }
      long address = section.addr() + i * wordSize;
      switch (fixups.slot(address)) {
        case Slot.Local local -> functions.add(local.address());
        case Slot.None _ -> {
          // Programs that are not moved have nothing to fix up.
          long value = layout.file.word(section.fileOffset() + i * wordSize);
          MachOSection target = layout.sectionAt(value);
          if (target != null && target.holdsCode()) {
            functions.add(value);
          } else if (value != 0) {
            problems.partLost(
                Problem.Code.BAD_VALUE,
                section.fileOffset() + i * wordSize,
                section.name() + ": entry " + i,
                value,
                -1);
          }
        }
        // Another image's function, which is looked at there.
        case Slot.Imported _, Slot.Resolved _ -> {}
      }
    }
  }

  private void offsets(MachOSection section, List<Long> functions) {
    long count = section.fileSize() / 4;
    for (long i = 0; i < count; i++) {
      if (isFull(section, functions)) {
        return;
      }
      functions.add(layout.base + layout.file.u32(section.fileOffset() + 4 * i));
    }
  }

  private boolean isFull(MachOSection section, List<Long> functions) {
    if (functions.size() < MOST) {
      return false;
    }
    problems.partLost(
        Problem.Code.LIMIT, section.fileOffset(), section.name() + ": size", section.size(), MOST);
    return true;
  }
}
