package dev.sigill.image.elf;

import dev.sigill.bytes.Problem;
import dev.sigill.image.VersionNeed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Symbol versions (LSB Core, "Symbol Versioning"): which version each dynamic symbol has, which
 * ones the image defines and which ones it needs of others.
 */
final class SymbolVersions {
  /** A version as symbols refer to it by number. */
  record Version(String library, String name) {
    static final Version NONE = new Version("", "");
  }

  private static final int MOST = 1 << 16;

  private final ElfBytes file;
  private final long versymOffset;
  private final long versymCount;
  private final Map<Integer, Version> versions;
  private final List<VersionNeed> needs;
  private final List<String> defined;

  private SymbolVersions(
      ElfBytes file,
      long versymOffset,
      long versymCount,
      Map<Integer, Version> versions,
      List<VersionNeed> needs,
      List<String> defined) {
    this.file = file;
    this.versymOffset = versymOffset;
    this.versymCount = versymCount;
    this.versions = Map.copyOf(versions);
    this.needs = List.copyOf(needs);
    this.defined = List.copyOf(defined);
  }

  static SymbolVersions read(
      ElfLayout layout, DynamicSection dynamic, ElfStrings strings, ElfProblems problems) {
    long offset = -1;
    long count = 0;
    Long versym = dynamic.value(Elf.DT_VERSYM);
    if (versym != null) {
      offset = layout.fileOffset(versym);
      count = layout.fileRoom(versym) / 2;
      if (offset < 0) {
        problems.partLost(Problem.Code.OUT_OF_RANGE, 0, "DT_VERSYM", versym, -1);
      }
    }
    var versions = new HashMap<Integer, Version>();
    var needs = new ArrayList<VersionNeed>();
    var defined = new ArrayList<String>();
    readNeeds(layout, dynamic, strings, problems, versions, needs);
    readDefinitions(layout, dynamic, strings, problems, versions, defined);
    return new SymbolVersions(layout.file, offset, count, versions, needs, defined);
  }

  private static void readNeeds(
      ElfLayout layout,
      DynamicSection dynamic,
      ElfStrings strings,
      ElfProblems problems,
      Map<Integer, Version> versions,
      List<VersionNeed> needs) {
    Long address = dynamic.value(Elf.DT_VERNEED);
    if (address == null) {
      return;
    }
    ElfBytes file = layout.file;
    long offset = layout.fileOffset(address);
    long end = offset + layout.fileRoom(address);
    if (offset < 0) {
      problems.partLost(Problem.Code.OUT_OF_RANGE, 0, "DT_VERNEED", address, -1);
      return;
    }
    // Links only lead forward, so that a chain ends at the latest where the file does.
    int entries = 0;
    long at = offset;
    while (true) {
      if (at > end - 16) {
        problems.partLost(Problem.Code.TRUNCATED, at, "vn_next", at, end);
        return;
      }
      String library = strings.text(file.u32(at + 4));
      long auxiliary = at + file.u32(at + 8);
      int auxiliaries = file.u16(at + 2);
      for (int i = 0; i < auxiliaries; i++) {
        if (auxiliary > end - 16 || ++entries > MOST) {
          problems.partLost(Problem.Code.TRUNCATED, at, "vn_aux, vna_next", auxiliary, end);
          break;
        }
        String name = strings.text(file.u32(auxiliary + 8));
        boolean isWeak = (file.u16(auxiliary + 4) & Elf.VER_FLG_WEAK) != 0;
        int index = file.u16(auxiliary + 6) & Elf.VERSYM_VERSION;
        versions.put(index, new Version(library, name));
        needs.add(new VersionNeed(library, name, isWeak));
        long next = file.u32(auxiliary + 12);
        if (next == 0) {
          break;
        }
        auxiliary += next;
      }
      long next = file.u32(at + 12);
      if (next == 0 || ++entries > MOST) {
        return;
      }
      at += next;
    }
  }

  private static void readDefinitions(
      ElfLayout layout,
      DynamicSection dynamic,
      ElfStrings strings,
      ElfProblems problems,
      Map<Integer, Version> versions,
      List<String> defined) {
    Long address = dynamic.value(Elf.DT_VERDEF);
    if (address == null) {
      return;
    }
    ElfBytes file = layout.file;
    long offset = layout.fileOffset(address);
    long end = offset + layout.fileRoom(address);
    if (offset < 0) {
      problems.partLost(Problem.Code.OUT_OF_RANGE, 0, "DT_VERDEF", address, -1);
      return;
    }
    int entries = 0;
    long at = offset;
    while (true) {
      if (at > end - 20) {
        problems.partLost(Problem.Code.TRUNCATED, at, "vd_next", at, end);
        return;
      }
      int flags = file.u16(at + 2);
      int index = file.u16(at + 4) & Elf.VERSYM_VERSION;
      long auxiliary = at + file.u32(at + 12);
      if (file.u16(at + 6) > 0 && auxiliary <= end - 8 && (flags & Elf.VER_FLG_BASE) == 0) {
        String name = strings.text(file.u32(auxiliary));
        versions.put(index, new Version("", name));
        defined.add(name);
      }
      long next = file.u32(at + 16);
      if (next == 0 || ++entries > MOST) {
        return;
      }
      at += next;
    }
  }

  List<VersionNeed> needs() {
    return needs;
  }

  /** The versions that this image defines, in the file's order, without the base one. */
  List<String> defined() {
    return defined;
  }

  /** Whether a symbol is bound to only by those who name its version. */
  boolean isHidden(int symbol) {
    return (versym(symbol) & Elf.VERSYM_HIDDEN) != 0;
  }

  /** The version of a symbol, {@link Version#NONE} where it has none. */
  Version of(int symbol) {
    return versions.getOrDefault(versym(symbol) & Elf.VERSYM_VERSION, Version.NONE);
  }

  private int versym(int symbol) {
    return versymOffset < 0 || symbol >= versymCount ? 1 : file.u16(versymOffset + 2L * symbol);
  }
}
