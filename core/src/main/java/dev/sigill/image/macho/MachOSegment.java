package dev.sigill.image.macho;

import java.util.List;

/**
 * {@code segment_command} or {@code segment_command_64}, checked: what it states of the file lies
 * in the file.
 *
 * @param index its number among the segment commands, which fixups name it by
 */
record MachOSegment(
    int index,
    String segname,
    long vmaddr,
    long vmsize,
    long fileoff,
    long filesize,
    int initprot,
    int flags,
    long alignment,
    List<MachOSection> sections) {
  boolean isReadable() {
    return (initprot & MachO.VM_PROT_READ) != 0;
  }

  boolean isWritable() {
    return (initprot & MachO.VM_PROT_WRITE) != 0;
  }

  boolean isReadOnlyOnceFixedUp() {
    return (flags & MachO.SG_READ_ONLY) != 0;
  }

  boolean isExecutable() {
    return (initprot & MachO.VM_PROT_EXECUTE) != 0;
  }

  boolean isProtected() {
    return (flags & MachO.SG_PROTECTED_VERSION_1) != 0;
  }
}
