package dev.sigill.image.macho;

import dev.sigill.image.Slot;
import java.util.function.Consumer;

/** What the loader changes in an image, found by address. */
interface Fixups {
  /** An image that the loader leaves as it is. */
  Fixups NONE =
      new Fixups() {
        @Override
        public Slot slot(long address) {
          return Slot.None.INSTANCE;
        }

        @Override
        public long rebaseCount() {
          return 0;
        }

        @Override
        public long bindCount() {
          return 0;
        }

        @Override
        public void forEachImport(Consumer<MachOImport> action) {}
      };

  /** What the loader leaves at an address. */
  Slot slot(long address);

  /** How many places get an address of the image itself, as the loader first leaves them. */
  long rebaseCount();

  /** How many places are bound to names. */
  long bindCount();

  /** The names bound to, each once for each library that it is asked of. */
  void forEachImport(Consumer<MachOImport> action);
}
