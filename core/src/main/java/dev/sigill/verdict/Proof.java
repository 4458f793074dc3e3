package dev.sigill.verdict;

import java.util.List;

/**
 * The instruction that stops a program, and how it is reached.
 *
 * @param function the function it lies in, readable, with the offset ({@code f(int)+0x15e}), or
 *     empty
 * @param address its virtual address, as linked
 * @param bytes its bytes in hexadecimal
 * @param instruction its text in Intel syntax
 * @param path the way to it: the initialiser, then each function called
 */
public record Proof(
    String function, long address, String bytes, String instruction, List<String> path) {
  public Proof {
    path = List.copyOf(path);
  }
}
