package dev.sigill.crash;

import java.util.Locale;

/** Why a program ended or a library was not loaded; the ids are part of the JSON contract. */
public enum Cause {
  ARCH_MISMATCH("code of another architecture than the process"),
  ISA_MISSING("an instruction that this processor or translator does not execute"),
  OS_TOO_OLD("made for a newer operating system"),
  LIBC_TOO_OLD("made for a newer C library"),
  MISSING_LIBRARY("a library that it needs is not there"),
  MISSING_SYMBOL("a library lacks a function that it needs"),
  PLUGIN_MISMATCH("a plug-in and its host disagree"),
  DUPLICATE_RUNTIME("two copies of a run-time library in one process"),
  NO_ARTIFACT("nothing is published for this platform"),
  WRONG_PLATFORM_ARTIFACT("a package or image made for another platform"),
  PYTHON_ABI("made for another version of Python"),
  NUMPY_ABI("made for another version of NumPy"),
  PAGE_SIZE("made for smaller memory pages than this system has"),
  STATIC_TLS("no room left for static thread-local storage"),
  EXEC_STACK("asks for an executable stack, which this system refuses"),
  CODE_SIGNATURE("a code signature that macOS does not accept"),
  EMULATOR_MISSING("a translator for this kind of program is not installed"),
  EMULATOR_BUG("a defect of the emulator or translator"),
  GPU_ARCH("no code for this graphics processor"),
  GPU_DRIVER("the graphics driver does not fit"),
  GPU_LIBRARY("a GPU library is missing or does not fit"),
  GPU_WRONG_RESULT("the graphics processor computes wrong results"),
  SELF_CHECK_REFUSAL("the program checked this processor and refused to run"),
  JIT_CODE("the instruction was in code generated at run time"),
  NOT_AN_ISA_PROBLEM("not a question of instructions or platforms"),
  UNKNOWN("the text does not say");

  private final String title;

  Cause(String title) {
    this.title = title;
  }

  /** The name that reports and programs use: {@code isa-missing}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A phrase that says what it means. */
  public String title() {
    return title;
  }

  /**
   * The cause of an id.
   *
   * @throws IllegalArgumentException where there is none
   */
  public static Cause of(String id) {
    return valueOf(id.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
