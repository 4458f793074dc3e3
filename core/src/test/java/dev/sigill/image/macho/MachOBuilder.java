package dev.sigill.image.macho;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds small images of any processor and byte order: header and code in {@code __TEXT}, pointers
 * in {@code __DATA}, tables in {@code __LINKEDIT}.
 */
final class MachOBuilder {
  /** The address of the header. */
  static final long BASE = 0x10000;

  /** The address of the code, 0x400 bytes of it. */
  static final long CODE = BASE + 0xc00;

  /** The address of the first pointer. */
  static final long DATA = BASE + 0x1000;

  private static final int DATA_OFFSET = 0x1000;

  final boolean is64;
  private final ByteOrder order;
  private final int cputype;
  private final int cpusubtype;
  private final ByteBuffer data;
  private final ByteArrayOutputStream linkedit = new ByteArrayOutputStream();
  private final List<byte[]> commands = new ArrayList<>();
  private final List<byte[]> sections = new ArrayList<>();
  private int filetype = MachO.MH_DYLIB;
  private int flags = MachO.MH_TWOLEVEL;

  MachOBuilder(int cputype, int cpusubtype, int dataSize) {
    this(cputype, cpusubtype, dataSize, ByteOrder.LITTLE_ENDIAN);
  }

  MachOBuilder(int cputype, int cpusubtype, int dataSize, ByteOrder order) {
    this.is64 = (cputype & MachO.CPU_ARCH_ABI64) != 0;
    this.order = order;
    this.cputype = cputype;
    this.cpusubtype = cpusubtype;
    this.data = ByteBuffer.allocate(dataSize).order(order);
  }

  MachOBuilder filetype(int value) {
    filetype = value;
    return this;
  }

  MachOBuilder flags(int value) {
    flags = value;
    return this;
  }

  /** A buffer of this image's byte order. */
  ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(order);
  }

  MachOBuilder pointer(int distance, long value) {
    if (is64) {
      data.putLong(distance, value);
    } else {
      data.putInt(distance, (int) value);
    }
    return this;
  }

  MachOBuilder data(int distance, byte[] content) {
    data.put(distance, content);
    return this;
  }

  /** Adds a table; its file offset. */
  int part(byte[] content) {
    int offset = DATA_OFFSET + data.capacity() + linkedit.size();
    linkedit.writeBytes(content);
    while (linkedit.size() % 8 != 0) {
      linkedit.write(0);
    }
    return offset;
  }

  /** Adds a load command of 32-bit fields after its kind and size. */
  MachOBuilder command(int cmd, int... fields) {
    ByteBuffer command = buffer(8 + 4 * fields.length);
    command.putInt(cmd).putInt(command.capacity());
    for (int field : fields) {
      command.putInt(field);
    }
    commands.add(command.array());
    return this;
  }

  /** Adds a command that points to a table of its own. */
  MachOBuilder linkedit(int cmd, byte[] content) {
    return command(cmd, part(content), content.length);
  }

  MachOBuilder dylib(int cmd, String name) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    ByteBuffer command = buffer(24 + text.length / 8 * 8 + 8);
    command
        .putInt(cmd)
        .putInt(command.capacity())
        .putInt(24)
        .putInt(2)
        .putInt(0x10203)
        .putInt(0x10000);
    command.put(text);
    commands.add(command.array());
    return this;
  }

  /** {@code LC_DYLD_INFO_ONLY} with these streams. */
  MachOBuilder dyldInfo(byte[] rebase, byte[] bind, byte[] weak, byte[] lazy, byte[] export) {
    return command(
        MachO.LC_DYLD_INFO_ONLY,
        part(rebase),
        rebase.length,
        part(bind),
        bind.length,
        part(weak),
        weak.length,
        part(lazy),
        lazy.length,
        part(export),
        export.length);
  }

  /** Adds a section of {@code __DATA}. */
  MachOBuilder section(String sectname, int distance, int size, int type, int reserved1) {
    sections.add(
        section(
            "__DATA", sectname, DATA + distance, size, DATA_OFFSET + distance, type, reserved1, 0));
    return this;
  }

  private byte[] section(
      String segname,
      String sectname,
      long address,
      int size,
      int offset,
      int type,
      int reserved1,
      int reserved2) {
    ByteBuffer section = buffer(is64 ? 80 : 68);
    section.put(0, sectname.getBytes(StandardCharsets.UTF_8));
    section.put(16, segname.getBytes(StandardCharsets.UTF_8));
    section.position(32);
    word(section, address);
    word(section, size);
    section.putInt(offset).putInt(2).putInt(0).putInt(0).putInt(type).putInt(reserved1);
    section.putInt(reserved2);
    return section.array();
  }

  private void word(ByteBuffer buffer, long value) {
    if (is64) {
      buffer.putLong(value);
    } else {
      buffer.putInt((int) value);
    }
  }

  private byte[] segment(
      String segname, long vmaddr, long size, long fileoff, int protection, List<byte[]> content) {
    ByteBuffer segment = buffer((is64 ? 72 : 56) + content.size() * (is64 ? 80 : 68));
    segment.putInt(is64 ? MachO.LC_SEGMENT_64 : MachO.LC_SEGMENT).putInt(segment.capacity());
    segment.put(8, segname.getBytes(StandardCharsets.UTF_8));
    segment.position(24);
    word(segment, vmaddr);
    word(segment, size);
    word(segment, fileoff);
    word(segment, size);
    segment.putInt(7).putInt(protection).putInt(content.size()).putInt(0);
    content.forEach(segment::put);
    return segment.array();
  }

  byte[] build() {
    byte[] text =
        section(
            "__TEXT",
            "__text",
            CODE,
            0x400,
            0xc00,
            MachO.S_ATTR_PURE_INSTRUCTIONS | MachO.S_ATTR_SOME_INSTRUCTIONS,
            0,
            0);
    int linkeditOffset = DATA_OFFSET + data.capacity();
    var all = new ArrayList<byte[]>();
    all.add(segment("__TEXT", BASE, DATA_OFFSET, 0, 5, List.of(text)));
    all.add(segment("__DATA", DATA, data.capacity(), DATA_OFFSET, 3, sections));
    all.add(
        segment(
            "__LINKEDIT", BASE + linkeditOffset, linkedit.size(), linkeditOffset, 1, List.of()));
    all.addAll(commands);
    int size = all.stream().mapToInt(command -> command.length).sum();
    ByteBuffer out = buffer(linkeditOffset + linkedit.size());
    out.putInt(is64 ? MachO.MH_MAGIC_64 : MachO.MH_MAGIC).putInt(cputype).putInt(cpusubtype);
    out.putInt(filetype).putInt(all.size()).putInt(size).putInt(flags);
    if (is64) {
      out.putInt(0);
    }
    all.forEach(out::put);
    if (out.position() > 0xc00) {
      throw new AssertionError("too many load commands");
    }
    for (int i = 0xc00; i < DATA_OFFSET; i++) {
      out.put(i, (byte) 0x90);
    }
    out.put(DATA_OFFSET, data.array());
    out.put(linkeditOffset, linkedit.toByteArray());
    return out.array();
  }

  MachOImage image() {
    return MachOFixture.of(build()).image();
  }

  /** Bytes given as numbers and texts; each text gets its NUL. */
  static byte[] stream(Object... parts) {
    var out = new ByteArrayOutputStream();
    for (Object part : parts) {
      switch (part) {
        case Integer number -> out.write(number);
        case Long number -> uleb(out, number);
        case String text -> {
          out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
          out.write(0);
        }
        default -> throw new AssertionError(part);
      }
    }
    return out.toByteArray();
  }

  private static void uleb(ByteArrayOutputStream out, long value) {
    long left = value;
    do {
      int low = (int) left & 0x7f;
      left >>>= 7;
      out.write(left == 0 ? low : low | 0x80);
    } while (left != 0);
  }
}
