package dev.sigill.isa.x86;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class X86DecoderPropertyTest {
  @Property(tries = 5_000)
  void decode_anyBytes_staysWithinLimitsAndAnswersEverything(
      @ForAll @Size(min = 0, max = 40) byte[] code, @ForAll long address) {
    var decoder = new X86Decoder();
    int length = decoder.decode(code, 0, code.length, address);

    assertThat(length).isBetween(-1, Math.min(15, code.length));
    if (length > 0) {
      assertThat(X86Formatter.format(decoder)).doesNotContain("(bad)").doesNotContain("null");
      askEverything(decoder);
    }
  }

  @Property(tries = 5_000)
  void decode_anyBytesCutShort_isTruncatedOrTheSame(
      @ForAll @Size(value = 24) byte[] code, @ForAll @LongRange(min = 0, max = 24) long room) {
    var decoder = new X86Decoder();
    int whole = decoder.decode(code, 0, code.length, 0);
    int cut = decoder.decode(code, 0, (int) room, 0);

    if (whole > 0) {
      assertThat(cut).isEqualTo(whole <= room ? whole : X86Decoder.TRUNCATED);
    } else {
      assertThat(cut).isIn(X86Decoder.INVALID, X86Decoder.TRUNCATED);
    }
  }

  @Property(tries = 5_000)
  void decode_farFromTheEndOrNear_findsTheSame(@ForAll @Size(value = 24) byte[] code) {
    var far = new byte[64];
    System.arraycopy(code, 0, far, 0, code.length);
    var near = new X86Decoder();
    var other = new X86Decoder();
    int length = other.decode(far, 0, far.length, 0x1000);

    // Near the end the general path decodes, far from it the short one.
    int bytes = Math.max(length, 0);
    if (bytes > 0) {
      assertThat(near.decode(code, 0, bytes, 0x1000)).isEqualTo(bytes);
      assertThat(X86Formatter.format(near)).isEqualTo(X86Formatter.format(other));
      assertThat(near.term()).isEqualTo(other.term());
      assertThat(near.flow()).isEqualTo(other.flow());
      assertThat(near.gprReads()).isEqualTo(other.gprReads());
      assertThat(near.gprWrites()).isEqualTo(other.gprWrites());
    }
  }

  private static void askEverything(X86Decoder decoder) {
    decoder.term();
    decoder.silentTerm();
    decoder.flow();
    decoder.target();
    decoder.immediate();
    decoder.condition();
    decoder.memoryAddress();
    decoder.memoryDisplacement();
    decoder.gprReads();
    decoder.gprWrites();
    decoder.vectorReads();
    decoder.vectorWrites();
    assertThat(decoder.memoryBytes()).isBetween(0, 512);
    assertThat(decoder.operandCount()).isBetween(0, 6);
    for (int i = 0; i < decoder.operandCount(); i++) {
      assertThat(decoder.operandRegister(i)).isBetween(-1, 31);
      assertThat(decoder.operandAccess(i)).isBetween(0, 3);
      decoder.operandBytes(i);
      decoder.operandValue(i);
    }
  }
}
