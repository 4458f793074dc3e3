package dev.sigill.analysis;

import dev.sigill.bytes.Bytes;
import dev.sigill.image.Image;
import dev.sigill.image.Section;
import dev.sigill.image.Slot;
import dev.sigill.isa.x86.X86Decoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Where some functions of an image are called from, found by decoding all of its code: direct calls
 * and jumps, those through a stub of the linker's, and those through a pointer that the loader
 * fills in. As every sweep it may take data for code.
 */
final class CallSites {
  private static final int WINDOW = 1 << 16;

  private final LoadedImage image;
  private final Map<Long, String> functions;

  /** Stubs that only jump to one of the functions: where they begin, and which. */
  private final Map<Long, Long> stubs = new HashMap<>();

  /**
   * @param functions where the functions begin, with the names that other images know them by
   */
  CallSites(LoadedImage image, Map<Long, String> functions) {
    this.image = image;
    this.functions = Map.copyOf(functions);
    for (Section section : image.image().sections()) {
      if (section.name().startsWith(".plt") || section.name().startsWith("__stubs")) {
        stubs(section);
      }
    }
  }

  /**
   * @param functions where the functions begin; other images' pointers to them are not seen
   */
  CallSites(LoadedImage image, Set<Long> functions) {
    this.image = image;
    var names = new HashMap<Long, String>();
    functions.forEach(start -> names.put(start, ""));
    this.functions = names;
  }

  /**
   * Those of the functions that are called directly from code outside some ranges.
   *
   * @param ranges start and end of each
   */
  Set<Long> calledFromOutside(TreeMap<Long, Long> ranges) {
    return CodeSweep.stretches(image.image()).parallelStream()
        .flatMap(
            stretch ->
                sites(stretch).entrySet().stream()
                    .filter(
                        each ->
                            each.getValue().stream()
                                .anyMatch(
                                    site -> {
                                      Map.Entry<Long, Long> range = ranges.floorEntry(site);
                                      return range == null || site >= range.getValue();
                                    }))
                    .map(Map.Entry::getKey))
        .collect(Collectors.toSet());
  }

  /** The addresses of the calling instructions, by function. */
  Map<Long, List<Long>> find() {
    var out = new HashMap<Long, List<Long>>();
    CodeSweep.stretches(image.image()).parallelStream()
        .map(this::sites)
        .toList()
        .forEach(
            part ->
                part.forEach(
                    (function, sites) ->
                        out.computeIfAbsent(function, _ -> new ArrayList<>()).addAll(sites)));
    return out;
  }

  private void stubs(Section section) {
    Image read = image.image();
    long size = section.fileSize();
    if (size <= 0 || size > MOST_STUBS) {
      return;
    }
    long offset = read.fileOffset(section.virtualAddress());
    if (offset < 0 || !read.bytes().has(offset, size)) {
      return;
    }
    byte[] code = read.bytes().array(offset, (int) size);
    var decoder = new X86Decoder();
    long start = -1;
    for (int at = 0; at < code.length; ) {
      long address = section.virtualAddress() + at;
      int length = decoder.decode(code, at, code.length, address);
      if (length <= 0) {
        at++;
        continue;
      }
      if (decoder.flow() == X86Decoder.FLOW_JUMP_INDIRECT
          && decoder.hasMemory()
          && decoder.isRipRelative()) {
        long target = behind(decoder.memoryAddress());
        if (target != 0) {
          stubs.put(address, target);
          if (start == address - MARK) {
            stubs.put(start, target);
          }
        }
      }
      // ENDBR64 may mark the beginning of a stub.
      start = length == MARK && decoder.isHint() ? address : -1;
      at += length;
    }
  }

  private static final int MARK = 4;
  private static final long MOST_STUBS = 64L << 20;

  /** The function that a pointer filled in by the loader leads to, or 0. */
  private long behind(long slot) {
    return switch (image.slot(slot)) {
      case Slot.Local local -> functions.containsKey(local.address()) ? local.address() : 0;
      case Slot.Imported imported -> {
        for (Map.Entry<Long, String> function : functions.entrySet()) {
          if (function.getValue().equals(imported.name())) {
            yield function.getKey();
          }
        }
        yield 0;
      }
      case Slot.Resolved _, Slot.None _ -> 0;
    };
  }

  private Map<Long, List<Long>> sites(CodeSweep.Stretch stretch) {
    var out = new HashMap<Long, List<Long>>();
    Bytes bytes = image.image().bytes();
    var decoder = new X86Decoder();
    var window = new byte[WINDOW];
    long offset = stretch.range().fileOffset() - stretch.range().start();
    long position = stretch.from();
    while (position < stretch.to()) {
      int size = (int) Math.min(WINDOW, stretch.to() - position);
      if (!bytes.has(offset + position, size)) {
        break;
      }
      bytes.read(offset + position, window, 0, size);
      int stop = position + size == stretch.to() ? size : size - 15;
      int at = 0;
      while (at < stop) {
        int length = decoder.decode(window, at, size, position + at);
        if (length <= 0) {
          at++;
          continue;
        }
        long target =
            switch (decoder.flow()) {
              case X86Decoder.FLOW_CALL, X86Decoder.FLOW_JUMP -> direct(decoder.target());
              case X86Decoder.FLOW_CALL_INDIRECT, X86Decoder.FLOW_JUMP_INDIRECT ->
                  decoder.hasMemory() && decoder.isRipRelative()
                      ? behind(decoder.memoryAddress())
                      : 0;
              default -> 0;
            };
        if (target != 0) {
          out.computeIfAbsent(target, _ -> new ArrayList<>()).add(position + at);
        }
        at += length;
      }
      position += at;
    }
    return out;
  }

  private long direct(long target) {
    return functions.containsKey(target) ? target : stubs.getOrDefault(target, 0L);
  }
}
