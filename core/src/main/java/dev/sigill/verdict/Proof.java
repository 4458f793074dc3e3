package dev.sigill.verdict;

import dev.sigill.analysis.CpuCheck;
import dev.sigill.analysis.MergedFunction;
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
 * @param check the check on the way that does not imply what it needs; {@link CpuCheck#NONE} where
 *     none stands there
 * @param merged whether its function is a copy that the linker kept of several; {@link
 *     MergedFunction#NONE} where nothing says so
 */
public record Proof(
    String function,
    long address,
    String bytes,
    String instruction,
    List<String> path,
    CpuCheck check,
    MergedFunction merged) {
  public Proof {
    path = List.copyOf(path);
  }

  /** Of an instruction without a check on the way. */
  public Proof(String function, long address, String bytes, String instruction, List<String> path) {
    this(function, address, bytes, instruction, path, CpuCheck.NONE, MergedFunction.NONE);
  }
}
