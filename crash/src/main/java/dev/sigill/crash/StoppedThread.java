package dev.sigill.crash;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.OptionalLong;

/**
 * A thread where a signal struck it.
 *
 * @param architecture id of the architecture of the code
 * @param programCounter address of the instruction
 * @param registers the general registers by their DWARF numbers, or none where they are not known
 * @param stackPointer where {@code stack} begins
 * @param stack what lies there and after it, 64-bit words of little-endian order
 * @param libraries the files mapped
 * @param isSynchronous whether the processor raised the signal at the program counter
 */
record StoppedThread(
    String architecture,
    long programCounter,
    long[] registers,
    long stackPointer,
    byte[] stack,
    List<LoadedLibrary> libraries,
    boolean isSynchronous) {

  /** A word of the stack, where it was kept. */
  OptionalLong word(long address) {
    long at = address - stackPointer;
    return at < 0 || at > stack.length - 8
        ? OptionalLong.empty()
        : OptionalLong.of(ByteBuffer.wrap(stack).order(ByteOrder.LITTLE_ENDIAN).getLong((int) at));
  }
}
