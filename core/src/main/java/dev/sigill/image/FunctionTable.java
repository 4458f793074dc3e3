package dev.sigill.image;

/**
 * Where functions begin and end, as far as the file says so without symbols: {@code .eh_frame},
 * {@code LC_FUNCTION_STARTS}, {@code .pdata}. Ranges do not overlap. Implementations may search the
 * file's own tables in place.
 */
public interface FunctionTable {
  /** A table that knows nothing. */
  FunctionTable EMPTY =
      new FunctionTable() {
        @Override
        public Range containing(long address) {
          return Range.NONE;
        }

        @Override
        public int count() {
          return 0;
        }

        @Override
        public Range at(int index) {
          throw new IndexOutOfBoundsException(index);
        }
      };

  /**
   * The addresses of one function.
   *
   * @param start first virtual address
   * @param end the virtual address after the last byte
   */
  record Range(long start, long end) {
    /** No function. */
    public static final Range NONE = new Range(0, 0);

    public boolean isNone() {
      return start == end;
    }
  }

  /** The function that an address lies in, or {@link Range#NONE}. */
  Range containing(long address);

  /** How many functions are listed. */
  int count();

  /** A function by its number, in the order of addresses. */
  Range at(int index);
}
