package dev.sigill.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigill.isa.Feature;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is remembered of stores, and who is told. */
class MemoryTest {
  private static final long PLACE = 0x40;
  private static final int READER = 7;
  private static final long VAGUE = Values.top(Guards.UNKNOWN);

  private final Guards guards = new Guards();
  private final Values values = new Values(guards);
  private final Memory memory = new Memory(values);
  private final List<Integer> told = new ArrayList<>();

  private long flag(Feature feature) {
    return values.join(Values.constant(1, guards.of(feature)), Values.constant(0, Guards.UNKNOWN));
  }

  @Test
  void readerOfAField_isNotToldOfItsNeighbours() {
    memory.field(PLACE, 4, READER);

    memory.store(Memory.FIELDS, PLACE + 4, 4, site(1), flag(Feature.AVX2), told::add);
    assertThat(told).isEmpty();

    memory.store(Memory.FIELDS, PLACE, 4, site(1), flag(Feature.AVX2), told::add);
    assertThat(told).containsExactly(READER);
    assertThat(memory.field(PLACE, 4, READER)).isEqualTo(flag(Feature.AVX2));
  }

  @Test
  void fieldThatHoldsOtherThingsToo_saysNothing() {
    memory.store(Memory.FIELDS, PLACE, 4, site(1), flag(Feature.AVX2), told::add);
    memory.field(PLACE, 4, READER);

    memory.blur(PLACE, 4, site(2), told::add);

    assertThat(told).containsExactly(READER);
    assertThat(memory.field(PLACE, 4, READER)).isEqualTo(Values.UNKNOWN);
    assertThat(memory.tellsInField(PLACE, READER)).isFalse();
  }

  @Test
  void whatIsNotUnderstood_isForgottenBesideWhatIs() {
    memory.store(Memory.IMAGES, PLACE, 4, site(1), flag(Feature.AVX2), told::add);
    memory.store(Memory.IMAGES, PLACE, 4, site(2), VAGUE, told::add);
    assertThat(memory.load(Memory.IMAGES, PLACE, 4, READER)).isEqualTo(VAGUE);

    List<Memory.Forgotten> forgotten = memory.forgetVague(_ -> true, told::add);

    assertThat(forgotten).containsExactly(new Memory.Forgotten(PLACE, 4, site(2)));
    assertThat(forgotten.getFirst().function()).isEqualTo(2);
    assertThat(told).containsExactly(READER);
    assertThat(memory.load(Memory.IMAGES, PLACE, 4, READER)).isEqualTo(flag(Feature.AVX2));
    assertThat(memory.stored(Memory.IMAGES, PLACE, 4, site(2))).isEqualTo(Values.BOTTOM);
  }

  @Test
  void whatIsNotUnderstood_staysWhereNothingElseIs() {
    memory.store(Memory.IMAGES, PLACE, 4, site(1), VAGUE, told::add);

    assertThat(memory.forgetVague(_ -> true, told::add)).isEmpty();
    assertThat(memory.load(Memory.IMAGES, PLACE, 4, READER)).isEqualTo(VAGUE);
  }

  @Test
  void functionsThatCannotBeAskedAgain_areLeftAlone() {
    memory.store(Memory.IMAGES, PLACE, 4, site(1), flag(Feature.AVX2), told::add);
    memory.store(Memory.IMAGES, PLACE, 4, site(2), VAGUE, told::add);

    assertThat(memory.forgetVague(function -> function == 1, told::add)).isEmpty();
  }

  /** The first instruction of a function. */
  private static long site(int function) {
    return (long) function << 32;
  }
}
