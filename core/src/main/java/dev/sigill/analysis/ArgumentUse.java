package dev.sigill.analysis;

import dev.sigill.isa.x86.X86Decoder;

/**
 * Whether a function may use what a register holds when it is called. What callers happen to leave
 * in a register that it overwrites first is no argument. Looks at its first block only.
 */
final class ArgumentUse {
  private final X86Decoder decoder = new X86Decoder();

  /** Whether a function may use what a general register holds when it is called. */
  boolean mayUse(AnalysedFunction function, int register) {
    if (function.overwritten < 0) {
      function.overwritten = overwritten(function);
    }
    return (function.overwritten >>> register & 1) == 0;
  }

  /** The registers that are written before they are read, as bits by number. */
  private int overwritten(AnalysedFunction function) {
    FunctionGraph graph = function.graph;
    int length = graph.blockLength[0];
    byte[] code = length == 0 ? new byte[0] : function.image.code(graph.blockStart[0], length);
    int read = 0;
    int written = 0;
    for (int at = 0; at < length && code.length > 0; ) {
      int size = decoder.decode(code, at, code.length, graph.blockStart[0] + at);
      boolean goesOn = size > 0 && decoder.flow() == X86Decoder.FLOW_NEXT;
      if (!goesOn) {
        break;
      }
      read |= decoder.gprReads() & ~written;
      written |= decoder.gprWrites() & ~read;
      at += size;
    }
    return written;
  }
}
