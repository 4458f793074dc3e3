package dev.sigill.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.isa.Feature;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What a state knows of a frame, beside a frame of real bytes. */
class StateProperties {
  private static final int FRAME = 48;

  /** What fits the payload of a value. */
  private static final long MOST_NUMBER = (1L << 43) - 1;

  private final Guards guards = new Guards();
  private final Values values = new Values(guards);

  record Store(int offset, int size, long number) {}

  @Property(tries = 2000)
  void loadOfANumber_isWhatWasStoredThere(
      @ForAll("stores") List<Store> stores, @ForAll("places") Store load) {
    State state = State.unknown();
    var bytes = new Integer[FRAME];
    for (Store store : stores) {
      state.setSlot(store.offset, store.size, Values.constant(store.number, Guards.NONE));
      for (int i = 0; i < store.size; i++) {
        bytes[store.offset + i] = (int) (store.number >>> i * 8) & 0xff;
      }
    }

    long loaded = state.slot(load.offset, load.size, values);

    if (Values.isConstant(loaded)) {
      for (int i = 0; i < load.size; i++) {
        assertThat(bytes[load.offset + i])
            .isEqualTo((int) (Values.number(loaded) >>> i * 8) & 0xff);
      }
    }
  }

  @Property
  void loadOfTheLastStore_isKnown(@ForAll("stores") List<Store> stores) {
    State state = State.unknown();
    stores.forEach(s -> state.setSlot(s.offset, s.size, Values.constant(s.number, Guards.NONE)));
    Store last = stores.getLast();

    long loaded = state.slot(last.offset, last.size, values);

    assertThat(Values.isConstant(loaded)).isTrue();
    assertThat(Values.number(loaded)).isEqualTo(last.number);
  }

  @Example
  void numbersOfAnArray_lieBesideEachOther() {
    State state = State.unknown();
    long avx = Values.constant(1, guards.of(Feature.AVX));
    state.setSlot(8, 4, Values.constant(7, Guards.NONE));
    state.setSlot(12, 4, avx);
    state.setSlot(16, 4, Values.constant(9, Guards.NONE));

    assertThat(state.slot(12, 4, values)).isEqualTo(avx);
    assertThat(Values.number(state.slot(8, 4, values))).isEqualTo(7);
    assertThat(Values.number(state.slot(16, 4, values))).isEqualTo(9);
  }

  @Example
  void partOfANumber_isNotTheWholeOfIt() {
    State state = State.unknown();
    state.setSlot(8, 4, Values.constant(7, Guards.NONE));

    assertThat(Values.isConstant(state.slot(8, 8, values))).isFalse();
    assertThat(state.slot(12, 4, values)).isEqualTo(Values.BOTTOM);
  }

  @Provide
  Arbitrary<List<Store>> stores() {
    return places().list().ofMinSize(1).ofMaxSize(12);
  }

  @Provide
  Arbitrary<Store> places() {
    return Combinators.combine(
            Arbitraries.integers().between(0, FRAME - 8),
            Arbitraries.of(1, 2, 4, 8),
            Arbitraries.longs().between(0, MOST_NUMBER))
        .as((offset, size, number) -> new Store(offset, size, Values.mask(number, size)));
  }
}
