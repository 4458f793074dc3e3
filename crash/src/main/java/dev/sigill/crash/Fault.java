package dev.sigill.crash;

import java.util.HexFormat;
import java.util.List;

/**
 * What a debugger saw when a signal struck a thread.
 *
 * @param process the program and its arguments, as a person would type them
 * @param architecture id of the architecture of the code: {@code x86_64}, {@code arm64}
 * @param signal the signal's number on Linux
 * @param code {@code si_code}
 * @param programCounter address of the instruction
 * @param accessed the address that was accessed, or 0
 * @param bytes what lies at the program counter, as many as could be read
 * @param stackPointer where {@code stack} begins
 * @param stack what lies at the stack pointer and after it, 64-bit words of the process's byte
 *     order, which is little-endian; as much as could be read
 * @param registers the general registers by their DWARF numbers, or none where they are not known
 * @param libraries the files mapped
 * @param translator the emulator that ran the code, or empty
 * @param runtime the language's runtime, or empty
 */
public record Fault(
    String process,
    String architecture,
    int signal,
    int code,
    long programCounter,
    long accessed,
    byte[] bytes,
    long stackPointer,
    byte[] stack,
    long[] registers,
    List<LoadedLibrary> libraries,
    String translator,
    String runtime) {
  /** Signals by which programs end that met a fault: ILL, TRAP, ABRT, BUS, FPE, SEGV, SYS. */
  private static final List<Integer> FATAL = List.of(4, 5, 6, 7, 8, 11, 31);

  public Fault {
    bytes = bytes.clone();
    stack = stack.clone();
    registers = registers.clone();
    libraries = List.copyOf(libraries);
  }

  @Override
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public byte[] stack() {
    return stack.clone();
  }

  @Override
  public long[] registers() {
    return registers.clone();
  }

  StoppedThread thread() {
    return new StoppedThread(
        architecture, programCounter, registers, stackPointer, stack, libraries, isSynchronous());
  }

  /** Whether programs end by this signal because they met a fault or gave up themselves. */
  public static boolean isFatal(int signal) {
    return FATAL.contains(signal);
  }

  /** The signal's name: {@code SIGILL}. */
  public String signalName() {
    return SignalNames.linux(signal);
  }

  /** Whether the processor raised it at the program counter; others are sent by programs. */
  public boolean isSynchronous() {
    return code > 0;
  }

  /** The same fact in the words of all reports. */
  Facts.Collected facts() {
    var facts = new Facts.Collected();
    facts.note(Fact.SIGNAL, signalName());
    facts.note(Fact.SIGNAL_CODE, SignalNames.code(signal, code));
    facts.note(Fact.PROCESS, process);
    facts.note(Fact.PROCESS_ARCH, architecture);
    facts.note(Fact.OS, "Linux");
    facts.note(Fact.RUNTIME, runtime);
    if (!translator.isEmpty()) {
      facts.note(Fact.TRANSLATED, "true");
      facts.note(Fact.TRANSLATOR, translator);
    }
    facts.noteAddress(Fact.ADDRESS, programCounter);
    if (accessed != 0 && signal != 4 && isSynchronous()) {
      facts.noteAddress(Fact.FAULT_ADDRESS, accessed);
    }
    libraries.forEach(facts::add);
    boolean isInFile = false;
    for (LoadedLibrary library : libraries) {
      if (library.contains(programCounter)) {
        facts.note(Fact.IMAGE, library.path());
        facts.noteAddress(
            Fact.IMAGE_OFFSET, programCounter - library.start() + library.fileOffset());
        isInFile = true;
        break;
      }
    }
    if (!isInFile && signal == 4 && bytes.length > 0) {
      facts.note(Fact.FRAME_KIND, "generated");
    }
    if (isSynchronous()) {
      facts.note(Fact.BYTES, HexFormat.of().formatHex(bytes));
    }
    return facts;
  }
}
