package dev.sigill.analysis;

import dev.sigill.bytes.Bytes;
import dev.sigill.image.Image;
import dev.sigill.image.Section;
import dev.sigill.image.Slot;
import dev.sigill.image.Symbol;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An image of the target with what has been decoded of it so far. Decoding is lazy and shared by
 * all walks that reach the image, from several threads.
 */
final class LoadedImage {
  private final String path;
  private final Image image;
  private final FunctionDecoding decoding;
  private final ConcurrentHashMap<Long, FunctionGraph> functions = new ConcurrentHashMap<>();
  private volatile @Nullable List<EntryPoint> entryPoints;
  private final ConcurrentHashMap<String, Definition> exports = new ConcurrentHashMap<>();

  /** An export looked up by name; {@code symbol} is null where the image does not define it. */
  private record Definition(@Nullable Symbol symbol) {}

  LoadedImage(String path, Image image) {
    this.path = path;
    this.image = image;
    this.decoding = new FunctionDecoding(image);
  }

  String path() {
    return path;
  }

  Image image() {
    return image;
  }

  /** The graph of the function that begins at an address, decoded on first use. */
  FunctionGraph function(long entry) {
    FunctionGraph known = functions.get(entry);
    if (known != null) {
      return known;
    }
    FunctionGraph graph = decoding.decode(entry);
    FunctionGraph raced = functions.putIfAbsent(entry, graph);
    return raced == null ? graph : raced;
  }

  /**
   * Lets go of what was decoded, when nothing that reaches the image is analysed any more. Asked
   * for again, it is decoded again.
   */
  void forget() {
    functions.clear();
    exports.clear();
  }

  /**
   * A copy of some code, followed by bytes that the decoder may look at but that belong to no
   * instruction of it; empty where the file does not hold it.
   */
  byte[] code(long start, int length) {
    Bytes bytes = image.bytes();
    long offset = length <= 0 ? -1 : image.fileOffset(start);
    if (offset < 0 || !bytes.has(offset, length)) {
      return NO_CODE;
    }
    var out = new byte[length + LOOK_AHEAD];
    bytes.read(offset, out, 0, (int) Math.min(out.length, bytes.length() - offset));
    return out;
  }

  private static final byte[] NO_CODE = {};

  /** With as many bytes behind an instruction the decoder takes its quick way. */
  private static final int LOOK_AHEAD = 24;

  /** The functions by which hosts start the image; looked for once. */
  List<EntryPoint> entryPoints() {
    List<EntryPoint> known = entryPoints;
    if (known == null) {
      known = EntryPoint.of(image);
      entryPoints = known;
    }
    return known;
  }

  /** The addresses, multiples of 8, of the words that the file holds outside of code. */
  void forEachDataWord(LongConsumer action) {
    for (Section section : image.sections()) {
      if (section.holdsCode()
          || section.virtualAddress() == 0
          || section.fileSize() < 8
          || section.fileSize() > MOST_SECTION) {
        continue;
      }
      long end = section.virtualAddress() + section.fileSize();
      for (long at = section.virtualAddress() + 7 & ~7; at + 8 <= end; at += 8) {
        action.accept(at);
      }
    }
  }

  /** Larger sections are left out. */
  private static final long MOST_SECTION = 64L << 20;

  Slot slot(long address) {
    return image.slot(address);
  }

  /** The definition that other images bind to, or null; remembered, misses too. */
  @Nullable Symbol exported(String name) {
    Definition known = exports.get(name);
    if (known == null) {
      known = new Definition(image.symbols().exported(name));
      exports.put(name, known);
    }
    return known.symbol();
  }

  /** Whether an address lies in code that the file holds. */
  boolean isCode(long address) {
    return decoding.isCode(address);
  }

  @Override
  public String toString() {
    return path;
  }
}
