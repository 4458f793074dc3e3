package dev.sigill.image.macho;

import dev.sigill.bytes.Problem;
import dev.sigill.image.Slot;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The classes and categories that have a {@code +load} method ({@code objc-runtime-new.h} of the
 * Objective-C runtime, version 2 of its ABI).
 */
final class ObjectiveC {
  private static final int MOST_CLASSES = 1 << 16;
  private static final int MOST_METHODS = 1 << 16;
  private static final int MOST_SUPERCLASSES = 256;
  private static final int METHOD_LIST_IS_SMALL = 0x8000_0000;
  private static final int METHOD_LIST_HAS_DIRECT_SELECTORS = 0x4000_0000;
  private static final int METHOD_LIST_ENTRY_SIZE = 0xfffc;

  private final MachOLayout layout;
  private final Fixups fixups;
  private final MachOProblems problems;
  private final MachOBytes file;
  private final int wordSize;

  ObjectiveC(MachOLayout layout, Fixups fixups, MachOProblems problems) {
    this.layout = layout;
    this.fixups = fixups;
    this.problems = problems;
    this.file = layout.file;
    this.wordSize = file.wordSize();
  }

  /** The methods in the order in which the runtime calls them. */
  List<Long> loadMethods() {
    List<Long> classes = pointers("__objc_nlclslist");
    Set<Long> lazyClasses = new LinkedHashSet<>(classes);
    Set<Long> scheduled = new LinkedHashSet<>();
    for (long each : classes) {
      schedule(each, lazyClasses, scheduled);
    }
    var out = new ArrayList<Long>();
    for (long each : scheduled) {
      long metaclass = pointer(each);
      // The low bits of the class's data pointer are flags.
      long readOnly = pointer(metaclass + 4L * wordSize) & ~(wordSize - 1L);
      // The method list follows flags, two sizes, padding, two pointers.
      addLoad(readOnly == 0 ? 0 : pointer(readOnly + (wordSize == 8 ? 32 : 20)), each, out);
    }
    for (long each : pointers("__objc_nlcatlist")) {
      addLoad(pointer(each + 3L * wordSize), each, out);
    }
    return out;
  }

  private void schedule(long each, Set<Long> withLoad, Set<Long> scheduled) {
    var chain = new ArrayList<Long>();
    for (long at = each; at != 0 && chain.size() < MOST_SUPERCLASSES; at = pointer(at + wordSize)) {
      if (chain.contains(at)) {
        break;
      }
      chain.add(at);
    }
    for (long at : chain.reversed()) {
      if (withLoad.contains(at)) {
        scheduled.add(at);
      }
    }
  }

  private List<Long> pointers(String sectname) {
    var out = new ArrayList<Long>();
    for (MachOSection section : layout.numberedSections) {
      if (section.sectname().equals(sectname)) {
        long count = section.fileSize() / wordSize;
        for (long i = 0; i < count && out.size() < MOST_CLASSES; i++) {
          long target = pointer(section.addr() + i * wordSize);
          if (target != 0) {
            out.add(target);
          }
        }
      }
    }
    return out;
  }

  /** The address in this image that a place holds, or 0. */
  private long pointer(long address) {
    return fixups.slot(address) instanceof Slot.Local local ? local.address() : 0;
  }

  private void addLoad(long methodList, long owner, List<Long> out) {
    long method = methodList == 0 ? 0 : load(methodList);
    if (method != 0) {
      out.add(method);
    } else {
      problems.partLost(
          Problem.Code.BAD_VALUE,
          Math.max(0, layout.fileOffset(owner)),
          "Objective-C class or category with +load: method list",
          methodList,
          -1);
    }
  }

  /** The address of the method named {@code load} in a list, or 0. */
  private long load(long methodList) {
    long offset = layout.fileOffset(methodList, 8);
    if (offset < 0) {
      return 0;
    }
    int flags = file.i32(offset);
    long count = Math.min(file.u32(offset + 4), MOST_METHODS);
    boolean isSmall = (flags & METHOD_LIST_IS_SMALL) != 0;
    int least = isSmall ? 12 : 3 * wordSize;
    int entrySize = Math.max(least, flags & METHOD_LIST_ENTRY_SIZE);
    for (long i = 0; i < count; i++) {
      long entry = methodList + 8 + i * entrySize;
      long at = layout.fileOffset(entry, least);
      if (at < 0) {
        return 0;
      }
      if (!isSmall) {
        if (isLoad(pointer(entry))) {
          return pointer(entry + 2L * wordSize);
        }
        continue;
      }
      long name = entry + file.i32(at);
      long selector = (flags & METHOD_LIST_HAS_DIRECT_SELECTORS) != 0 ? name : pointer(name);
      if (isLoad(selector)) {
        return entry + 8 + file.i32(at + 8);
      }
    }
    return 0;
  }

  private boolean isLoad(long selector) {
    long offset = selector == 0 ? -1 : layout.fileOffset(selector, 5);
    return offset >= 0 && file.text(offset, 5).equals("load") && file.u8(offset + 4) == 0;
  }
}
