package dev.sigill.image.elf;

import dev.sigill.bytes.Problem;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The hash tables by which the loader finds a dynamic symbol: {@code DT_GNU_HASH} (the layout that
 * GNU binutils introduced in 2006) and {@code DT_HASH} (gABI chapter 5, "Hash Table"). Searched in
 * place.
 *
 * @param isGnu whether it is {@code DT_GNU_HASH}
 * @param bucketCount {@code nbuckets} or {@code nbucket}
 * @param firstSymbol {@code symoffset}: the first symbol that {@code DT_GNU_HASH} covers
 * @param bloomSize {@code bloom_size}, in words
 * @param bloomShift {@code bloom_shift}
 * @param bloomOffset file offset of the Bloom filter
 * @param bucketOffset file offset of the buckets
 * @param chainOffset file offset of the chains
 * @param chainCount how many chain entries there are or, of {@code DT_GNU_HASH}, could be
 * @param entrySize size of an entry in bytes
 */
record SymbolHash(
    ElfBytes file,
    boolean isGnu,
    long bucketCount,
    long firstSymbol,
    long bloomSize,
    int bloomShift,
    long bloomOffset,
    long bucketOffset,
    long chainOffset,
    long chainCount,
    int entrySize) {

  /** How many symbols the dynamic symbol table has, as far as this table tells. */
  long symbolCount() {
    if (!isGnu) {
      return chainCount;
    }
    long last = -1;
    for (int bucket : file.ints(bucketOffset, (int) bucketCount)) {
      last = Math.max(last, bucket & 0xffff_ffffL);
    }
    if (last < firstSymbol) {
      return firstSymbol;
    }
    for (long i = last - firstSymbol; i < chainCount; i++) {
      if ((file.i32(chainOffset + 4 * i) & 1) != 0) {
        return firstSymbol + i + 1;
      }
    }
    return firstSymbol + chainCount;
  }

  /** Reads the header of {@code DT_GNU_HASH}, or null with a problem. */
  static @Nullable SymbolHash gnu(ElfLayout layout, long address, ElfProblems problems) {
    ElfBytes file = layout.file;
    long offset = layout.fileOffset(address, 16);
    if (offset < 0) {
      problems.partLost(Problem.Code.OUT_OF_RANGE, 0, "DT_GNU_HASH", address, -1);
      return null;
    }
    long room = layout.fileRoom(address) - 16;
    long buckets = file.u32(offset);
    long first = file.u32(offset + 4);
    long bloom = file.u32(offset + 8);
    long fixed = bloom * file.wordSize() + buckets * 4;
    if (fixed > room || buckets > Integer.MAX_VALUE / 8 || bloom == 0) {
      problems.partLost(
          Problem.Code.OUT_OF_RANGE, offset, "DT_GNU_HASH: nbuckets", buckets, room / 4);
      return null;
    }
    long bloomOffset = offset + 16;
    long bucketOffset = bloomOffset + bloom * file.wordSize();
    return new SymbolHash(
        file,
        true,
        buckets,
        first,
        bloom,
        file.i32(offset + 12) & 63,
        bloomOffset,
        bucketOffset,
        bucketOffset + 4 * buckets,
        (room - fixed) / 4,
        4);
  }

  /** Reads the header of {@code DT_HASH}, or null with a problem. */
  static @Nullable SymbolHash sysv(ElfLayout layout, long address, ElfProblems problems) {
    ElfBytes file = layout.file;
    // Alpha and 64-bit s390 have 64-bit entries here, against the gABI.
    int machine = layout.header.machine();
    int word = file.is64() && (machine == Elf.EM_S390 || machine == Elf.EM_ALPHA) ? 8 : 4;
    long offset = layout.fileOffset(address, 2L * word);
    if (offset < 0) {
      problems.partLost(Problem.Code.OUT_OF_RANGE, 0, "DT_HASH", address, -1);
      return null;
    }
    long entries = layout.fileRoom(address) / word - 2;
    long buckets = word == 8 ? file.i64(offset) : file.u32(offset);
    long chains = word == 8 ? file.i64(offset + 8) : file.u32(offset + 4);
    if (buckets < 0 || chains < 0 || buckets > entries || chains > entries - buckets) {
      problems.partLost(
          Problem.Code.OUT_OF_RANGE, offset, "DT_HASH: nbucket + nchain", chains, entries);
      return null;
    }
    long bucketOffset = offset + 2L * word;
    return new SymbolHash(
        file,
        false,
        buckets,
        0,
        0,
        0,
        0,
        bucketOffset,
        bucketOffset + word * buckets,
        chains,
        word);
  }

  /** The first symbol of a name that is accepted, or -1. */
  int find(SymbolSection symbols, byte[] name, IntPredicate accepts) {
    if (bucketCount == 0) {
      return -1;
    }
    return isGnu ? findGnu(symbols, name, accepts) : findSysv(symbols, name, accepts);
  }

  private int findGnu(SymbolSection symbols, byte[] name, IntPredicate accepts) {
    int hash = 5381;
    for (byte b : name) {
      hash = hash * 33 + (b & 0xff);
    }
    long unsigned = hash & 0xffff_ffffL;
    int bits = file.wordSize() * 8;
    long bloomAt = bloomOffset + (unsigned / bits) % bloomSize * file.wordSize();
    long bloom = file.word(bloomAt);
    long mask = 1L << (unsigned % bits) | 1L << ((unsigned >>> bloomShift) % bits);
    if ((bloom & mask) != mask) {
      return -1;
    }
    long symbol = file.u32(bucketOffset + 4 * (unsigned % bucketCount));
    if (symbol < firstSymbol) {
      return -1;
    }
    for (; symbol < symbols.count() && symbol - firstSymbol < chainCount; symbol++) {
      int entry = file.i32(chainOffset + 4 * (symbol - firstSymbol));
      if ((entry | 1) == (hash | 1)
          && symbols.strings().isText(symbols.nameIndex((int) symbol), name)
          && accepts.test((int) symbol)) {
        return (int) symbol;
      }
      if ((entry & 1) != 0) {
        return -1;
      }
    }
    return -1;
  }

  private int findSysv(SymbolSection symbols, byte[] name, IntPredicate accepts) {
    long hash = 0;
    for (byte b : name) {
      hash = (hash << 4) + (b & 0xff);
      long high = hash & 0xf000_0000L;
      hash = (hash ^ high >>> 24) & ~high & 0xffff_ffffL;
    }
    long symbol = entry(bucketOffset, hash % bucketCount);
    // A chain that turns back on itself is left after as many steps as there are entries.
    for (long steps = 0; symbol != 0 && steps < chainCount; steps++) {
      if (symbol < 0 || symbol >= chainCount) {
        return -1;
      }
      if (symbol < symbols.count()
          && symbols.strings().isText(symbols.nameIndex((int) symbol), name)
          && accepts.test((int) symbol)) {
        return (int) symbol;
      }
      symbol = entry(chainOffset, symbol);
    }
    return -1;
  }

  private long entry(long base, long index) {
    return entrySize == 8 ? file.i64(base + 8 * index) : file.u32(base + 4 * index);
  }
}
