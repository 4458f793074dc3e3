package dev.sigill.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What was stored anywhere, whenever: places outside the frames of running functions. Stores only
 * add to what a place may hold. A place remembers who read it, so that readers can be analysed
 * again when it changes.
 */
final class Memory {
  /** Places in images, by image number and offset. */
  static final int IMAGES = 0;

  /** Places in stack frames whose address was given away, by function number and offset. */
  static final int FRAMES = 1;

  /** Fields of objects at unknown addresses, by image number and displacement. */
  static final int FIELDS = 2;

  private static final int MOST_ENTRIES = 32;

  /** The most store instructions kept apart for one entry; further ones are joined for good. */
  private static final int MOST_SITES = 24;

  /** What was stored with one offset and size: a value for each instruction that stores there. */
  private static final class Entry {
    final byte offset;
    final byte size;
    long value = Values.BOTTOM;
    int sites;
    long[] site = new long[1];
    long[] siteValue = new long[1];

    Entry(int offset, int size) {
      this.offset = (byte) offset;
      this.size = (byte) size;
    }
  }

  /** Eight bytes of memory and the stores that begin in them. */
  private static final class Cell {
    int entries;
    Entry[] entry = new Entry[1];
    final FunctionNumbers readers = new FunctionNumbers();
    int views;
    FieldView[] view = NO_VIEWS;
  }

  private static final FieldView[] NO_VIEWS = {};

  /** What the readers of so many bytes of a field were told. */
  private static final class FieldView {
    final long place;

    /** 0 for those who ask only whether anything is told there. */
    final int size;

    long told;
    final FunctionNumbers readers = new FunctionNumbers();

    FieldView(long place, int size, long told) {
      this.place = place;
      this.size = size;
      this.told = told;
    }
  }

  private final Values values;
  private final LongMap<Cell> cells = new LongMap<>();

  /** The instructions that store other things in fields, by displacement and size. */
  private final LongMap<long[]> blurring = new LongMap<>();

  Memory(Values values) {
    this.values = values;
  }

  private static long key(int space, long place) {
    return (long) space << 61 | place >>> 3;
  }

  private Cell cell(int space, long place) {
    long key = key(space, place);
    Cell cell = cells.get(key);
    if (cell == null) {
      cell = new Cell();
      cells.put(key, cell);
    }
    return cell;
  }

  /**
   * Says what one instruction stores in {@code size} bytes (8 at most) at a place, instead of what
   * it was said to store before; tells the readers where that is news.
   *
   * @param site a number of the storing instruction
   */
  void store(int space, long place, int size, long site, long value, IntConsumer action) {
    if (space == IMAGES && Values.isGuarded(value)) {
      tell(place, size, action);
    }
    Cell cell = cell(space, place);
    Entry entry = entry(cell, (int) (place & 7), size);
    if (entry == null) {
      return;
    }
    int index = indexOf(entry, site);
    if (index >= 0) {
      if (entry.siteValue[index] == value) {
        return;
      }
      entry.siteValue[index] = value;
    } else if (entry.sites < MOST_SITES) {
      if (entry.sites == entry.site.length) {
        entry.site = Arrays.copyOf(entry.site, entry.sites * 2);
        entry.siteValue = Arrays.copyOf(entry.siteValue, entry.sites * 2);
      }
      entry.site[entry.sites] = site;
      entry.siteValue[entry.sites++] = value;
    } else {
      entry.siteValue[0] = values.join(entry.siteValue[0], value);
    }
    replace(cell, entry, all(entry), space, place, size, action);
    if (space == IMAGES && entry.value == VAGUE) {
      vaguePlaces.add(new Place(place, size));
    }
  }

  /** What checks decided in a way that is not understood. */
  private static final long VAGUE = Values.top(Guards.UNKNOWN);

  private record Place(long place, int size) {}

  /** Where that lies. */
  private final Set<Place> vaguePlaces = new LinkedHashSet<>();

  /**
   * Forgets what was stored by instructions of which it is not understood, beside others of which
   * it is. It may be no more than what was read there before: a word of flags that is handed on,
   * and stored again, while nobody knew what it says. Whoever reads it is told.
   *
   * @param mayForget whether a function, by its number, can be asked again what it stores
   * @return the places and the instructions, by the numbers of their functions
   */
  List<Forgotten> forgetVague(IntPredicate mayForget, IntConsumer action) {
    var out = new ArrayList<Forgotten>();
    for (Place each : List.copyOf(vaguePlaces)) {
      Cell cell = cell(IMAGES, each.place());
      Entry entry = known(cell, (int) (each.place() & 7), each.size());
      if (entry == null || !tellsAnywhere(entry)) {
        continue;
      }
      int before = out.size();
      for (int i = 0; i < entry.sites; i++) {
        var forgotten = new Forgotten(each.place(), each.size(), entry.site[i]);
        if (entry.siteValue[i] == VAGUE && mayForget.test(forgotten.function())) {
          entry.siteValue[i] = Values.BOTTOM;
          out.add(forgotten);
        }
      }
      if (out.size() > before) {
        replace(cell, entry, all(entry), IMAGES, each.place(), each.size(), action);
      }
    }
    return out;
  }

  /** One instruction of which was forgotten what it stores at a place of an image. */
  record Forgotten(long place, int size, long site) {
    int function() {
      return (int) (site >>> 32);
    }
  }

  private boolean tellsAnywhere(Entry entry) {
    for (int i = 0; i < entry.sites; i++) {
      if (values.tellsAny(entry.siteValue[i])) {
        return true;
      }
    }
    return false;
  }

  /** What one instruction was said to store in {@code size} bytes at a place, or BOTTOM. */
  long stored(int space, long place, int size, long site) {
    Cell cell = cells.get(key(space, place));
    Entry entry = cell == null ? null : known(cell, (int) (place & 7), size);
    if (entry == null) {
      return Values.BOTTOM;
    }
    int index = indexOf(entry, site);
    return index < 0 ? Values.BOTTOM : entry.siteValue[index];
  }

  /** The number of a storing instruction in an entry; -1 where it stored nothing there. */
  private static int indexOf(Entry entry, long site) {
    for (int i = 0; i < entry.sites; i++) {
      if (entry.site[i] == site) {
        return i;
      }
    }
    return -1;
  }

  /** The instructions that store what somebody wishes. */
  private final LongMap<Boolean> wishing = new LongMap<>();

  /**
   * Says that an instruction stores what somebody wishes: something unknown where a check lets it,
   * or what a variable of the environment names. It adds nothing to what was found by asking the
   * processor.
   */
  void storesWish(long site) {
    wishing.put(site, Boolean.TRUE);
  }

  /**
   * All that is stored at a place. A function that finds out what the processor has may store
   * something else in its stead, as an override: that is somebody's wish too.
   */
  private long all(Entry entry) {
    long found = Values.BOTTOM;
    long wished = Values.BOTTOM;
    boolean tells = tellsAnywhere(entry);
    for (int i = 0; i < entry.sites; i++) {
      if (wishing.get(entry.site[i]) == null && !(tells && overrides(entry, i))) {
        found = values.join(found, entry.siteValue[i]);
      } else {
        wished = values.join(wished, entry.siteValue[i]);
      }
    }
    return values.tellsAny(found) ? found : values.join(found, wished);
  }

  private boolean overrides(Entry entry, int index) {
    if (Values.isTainted(entry.siteValue[index]) || Values.isConstant(entry.siteValue[index])) {
      return false;
    }
    for (int i = 0; i < entry.sites; i++) {
      if (entry.site[i] >>> 32 == entry.site[index] >>> 32 && values.tellsAny(entry.siteValue[i])) {
        return true;
      }
    }
    return false;
  }

  /**
   * What a check was seen to store in a field with this displacement, in so many bytes; unknown
   * where other things are kept there too. The reader is told when that changes.
   */
  long field(long place, int size, int reader) {
    return view(place, size, reader).told;
  }

  /**
   * Whether a check's result was ever stored in such a field; the reader is told when that becomes
   * so.
   */
  boolean tellsInField(long place, int reader) {
    return view(place, 0, reader).told != Values.UNKNOWN;
  }

  private FieldView view(long place, int size, int reader) {
    Cell cell = cell(FIELDS, place);
    FieldView known = null;
    for (int i = 0; i < cell.views && known == null; i++) {
      if (cell.view[i].place == place && cell.view[i].size == size) {
        known = cell.view[i];
      }
    }
    if (known == null) {
      known = new FieldView(place, size, seen(place, size));
      add(cell, known);
      if ((place & 7) + size > 8) {
        add(cell(FIELDS, place + 8), known);
      }
    }
    known.readers.add(reader);
    return known;
  }

  private static void add(Cell cell, FieldView view) {
    if (cell.views == cell.view.length) {
      cell.view = Arrays.copyOf(cell.view, Math.max(1, cell.views * 2));
    }
    cell.view[cell.views++] = view;
  }

  private long seen(long place, int size) {
    if (size == 0) {
      return tellsNow(place) ? VAGUE : Values.UNKNOWN;
    }
    long stored = peek(FIELDS, place, size);
    return Values.isTainted(stored) && !isBlurred(place, size) ? stored : Values.UNKNOWN;
  }

  private boolean tellsNow(long place) {
    Cell cell = cell(FIELDS, place);
    for (int i = 0; i < cell.entries; i++) {
      if (Values.isGuarded(cell.entry[i].value) && !isBlurred(place, cell.entry[i].size)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Tells the readers of fields what has changed for them: other bytes of a cell are not theirs.
   */
  private void tellViews(Cell cell, IntConsumer action) {
    for (int i = 0; i < cell.views; i++) {
      FieldView view = cell.view[i];
      long now = seen(view.place, view.size);
      if (now != view.told) {
        view.told = now;
        view.readers.forEach(action);
      }
    }
  }

  /** The places in images, 256 at a time, of which something is told that checks decided. */
  private static final class Told {
    final BitSet places = new BitSet();
    final FunctionNumbers readers = new FunctionNumbers();
  }

  private final LongMap<Told> told = new LongMap<>();

  private Told told(long chunk) {
    Told known = told.get(chunk);
    if (known == null) {
      known = new Told();
      told.put(chunk, known);
    }
    return known;
  }

  /** Notes that what checks decided lies at a place of an image. */
  private void tell(long place, int size, IntConsumer action) {
    Told known = told(place >>> TOLD_SHIFT);
    int first = (int) (place & TOLD_MASK);
    int last = Math.min(first + size, TOLD_MASK + 1);
    if (known.places.nextClearBit(first) < last) {
      known.places.set(first, last);
      known.readers.forEach(action);
    }
  }

  /**
   * Whether what checks decided was ever stored in some bytes of an image; the reader is told when
   * that becomes so.
   */
  boolean tells(long place, int size, int reader) {
    boolean any = false;
    for (long chunk = place >>> TOLD_SHIFT; chunk <= place + size - 1 >>> TOLD_SHIFT; chunk++) {
      Told known = told(chunk);
      known.readers.add(reader);
      int first = (int) Math.max(0, place - (chunk << TOLD_SHIFT));
      int end = (int) Math.min(TOLD_MASK + 1, place + size - (chunk << TOLD_SHIFT));
      int found = known.places.nextSetBit(first);
      any |= found >= 0 && found < end;
    }
    return any;
  }

  private static final int TOLD_SHIFT = 8;
  private static final int TOLD_MASK = 0xff;

  /**
   * Says that an instruction stores what no check has to do with in fields with this displacement
   * and size.
   */
  void blur(long place, int size, long site, IntConsumer action) {
    long key = place << 4 | size;
    long[] sites = blurring.get(key);
    if (sites == null) {
      sites = new long[0];
    }
    if (sites.length > MOST_BLURRING || Arrays.stream(sites).anyMatch(known -> known == site)) {
      return;
    }
    sites = Arrays.copyOf(sites, sites.length + 1);
    sites[sites.length - 1] = site;
    blurring.put(key, sites);
    Cell cell = cells.get(key(FIELDS, place));
    if (cell != null) {
      tellViews(cell, action);
    }
  }

  /**
   * Whether what is stored in such fields says nothing. Objects of all kinds have fields near their
   * beginning; far from it, a few other stores are those of somebody's wish.
   */
  private boolean isBlurred(long place, int size) {
    long[] sites = blurring.get(place << 4 | size);
    return sites != null && ((place & 0xffff_ffffL) < FAR_FIELD || sites.length > MOST_BLURRING);
  }

  private static final int MOST_BLURRING = 3;
  private static final int FAR_FIELD = 0x80;

  private static @Nullable Entry known(Cell cell, int offset, int size) {
    for (int i = 0; i < cell.entries; i++) {
      if (cell.entry[i].offset == offset && cell.entry[i].size == size) {
        return cell.entry[i];
      }
    }
    return null;
  }

  private static @Nullable Entry entry(Cell cell, int offset, int size) {
    Entry known = known(cell, offset, size);
    if (known != null) {
      return known;
    }
    if (cell.entries == MOST_ENTRIES) {
      return null;
    }
    if (cell.entries == cell.entry.length) {
      cell.entry = Arrays.copyOf(cell.entry, cell.entries * 2);
    }
    var entry = new Entry(offset, size);
    cell.entry[cell.entries++] = entry;
    return entry;
  }

  private void replace(
      Cell cell, Entry entry, long value, int space, long place, int size, IntConsumer action) {
    if (entry.value != value) {
      entry.value = value;
      changed(cell, space, place, size, action);
    }
  }

  private void changed(Cell cell, int space, long place, int size, IntConsumer action) {
    notifyReaders(cell, action);
    if ((place & 7) + size > 8) {
      Cell next = cells.get(key(space, place + 8));
      if (next != null) {
        notifyReaders(next, action);
      }
    }
  }

  private void notifyReaders(Cell cell, IntConsumer action) {
    cell.readers.forEach(action);
    tellViews(cell, action);
  }

  /** What was stored in {@code size} bytes at a place; BOTTOM where nothing was. */
  long load(int space, long place, int size, int reader) {
    Cell cell = cell(space, place);
    cell.readers.add(reader);
    if ((place & 7) + size > 8) {
      cell(space, place + 8).readers.add(reader);
    }
    return peek(space, place, size);
  }

  /** What was stored in {@code size} bytes at a place, without being told of later changes. */
  long peek(int space, long place, int size) {
    Cell cell = cells.get(key(space, place));
    long result = cell == null ? Values.BOTTOM : from(cell, (int) (place & 7), size, 0);
    if ((place & 7) + size > 8) {
      Cell next = cells.get(key(space, place + 8));
      if (next != null) {
        result = values.join(result, from(next, (int) (place & 7), size, 8));
      }
    }
    Cell before = cells.get(key(space, place - 8));
    if (before != null && before.entries > 0) {
      result = values.join(result, from(before, (int) (place & 7), size, -8));
    }
    return result;
  }

  /**
   * The part of a load that the entries of one cell answer.
   *
   * @param at offset of the load in its own cell
   * @param shift where this cell begins relative to the load's own cell, in bytes
   */
  private long from(Cell cell, int at, int size, int shift) {
    long result = Values.BOTTOM;
    long parts = Values.BOTTOM;
    for (int i = 0; i < cell.entries; i++) {
      Entry entry = cell.entry[i];
      int start = entry.offset + shift - at;
      int end = start + entry.size;
      long value = entry.value;
      if (end <= 0 || start >= size) {
        continue;
      }
      if (start == 0 && end == size) {
        result = values.join(result, value);
      } else if (start <= 0 && end >= size) {
        long moved =
            values.compute(
                Values.Operation.SHIFT_RIGHT,
                value,
                Values.constant(-start * 8L, Guards.NONE),
                entry.size);
        result = values.join(result, values.truncated(moved, size));
      } else if (start >= 0 && end <= size) {
        long moved =
            values.compute(
                Values.Operation.SHIFT_LEFT, value, Values.constant(start * 8L, Guards.NONE), size);
        parts =
            parts == Values.BOTTOM
                ? moved
                : values.compute(Values.Operation.OR, parts, moved, size);
      } else {
        result = values.join(result, Values.top(values.anyTaint(value, value)));
      }
    }
    return values.join(result, parts);
  }
}
