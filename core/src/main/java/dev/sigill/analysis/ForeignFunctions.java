package dev.sigill.analysis;

import java.util.Set;

/**
 * What is known of functions that lie outside the target: the C library's and the language
 * runtimes'. Their names are their interface, so naming them is no guess.
 */
final class ForeignFunctions {
  /** ISO C, POSIX, the Itanium C++ ABI, glibc, the Microsoft runtime, Apple's. */
  private static final Set<String> NEVER_RETURN =
      Set.of(
          "abort",
          "exit",
          "_exit",
          "_Exit",
          "quick_exit",
          "pthread_exit",
          "longjmp",
          "siglongjmp",
          "_longjmp",
          "__longjmp_chk",
          "__assert_fail",
          "__assert_perror_fail",
          "__assert",
          "__assert_rtn",
          "__stack_chk_fail",
          "__fortify_fail",
          "__chk_fail",
          "err",
          "errx",
          "verr",
          "verrx",
          "__cxa_throw",
          "__cxa_rethrow",
          "__cxa_bad_cast",
          "__cxa_bad_typeid",
          "__cxa_throw_bad_array_new_length",
          "__cxa_pure_virtual",
          "__cxa_deleted_virtual",
          "_Unwind_Resume",
          "_ZSt9terminatev",
          "_ZSt10unexpectedv",
          "_CxxThrowException",
          "ExitProcess",
          "TerminateProcess",
          "FatalExit",
          "RaiseFailFastException",
          "__fastfail",
          "_invoke_watson",
          "_invalid_parameter_noinfo_noreturn",
          "terminate",
          "objc_exception_throw",
          "objc_terminate",
          "Py_FatalError",
          "_Py_FatalErrorFunc",
          "Py_Exit");

  /** POSIX threads, C11, libc++ ({@code std::__call_once}), Apple's dispatch, Windows. */
  private static final Set<String> CALL_THEIR_ARGUMENT =
      Set.of(
          "pthread_once",
          "__pthread_once",
          "call_once",
          "_ZNSt3__111__call_onceERVmPvPFvS2_E",
          "dispatch_once_f",
          "InitOnceExecuteOnce");

  private ForeignFunctions() {}

  static boolean neverReturns(String symbol) {
    String name = withoutUnderscore(symbol);
    return NEVER_RETURN.contains(name)
        || NEVER_RETURN.contains(symbol)
        || isStandardThrow(name)
        || isStandardThrow(symbol);
  }

  /** ISO C and C++, POSIX; {@code operator new} as the Itanium and Microsoft ABIs name it. */
  private static final Set<String> ALLOCATE =
      Set.of(
          "malloc",
          "calloc",
          "aligned_alloc",
          "_Znwm",
          "_Znam",
          "_ZnwmRKSt9nothrow_t",
          "_ZnamRKSt9nothrow_t",
          "_ZnwmSt11align_val_t",
          "_ZnamSt11align_val_t",
          "??2@YAPEAX_K@Z",
          "??_U@YAPEAX_K@Z");

  /** Whether a function answers with a new object. */
  static boolean allocates(String symbol) {
    return ALLOCATE.contains(symbol) || ALLOCATE.contains(withoutUnderscore(symbol));
  }

  /**
   * Whether a function of Python's C API is given a module definition: {@code PyModuleDef_Init} and
   * the macros' {@code PyModule_Create2} and {@code PyModule_FromDefAndSpec2}.
   */
  static boolean takesModuleDefinition(String symbol) {
    return switch (withoutUnderscore(symbol)) {
      case "PyModuleDef_Init", "PyModule_Create2", "PyModule_FromDefAndSpec2" -> true;
      default -> false;
    };
  }

  /** Whether a function calls a function given to it before it returns. */
  static boolean callsItsArgument(String symbol) {
    return CALL_THEIR_ARGUMENT.contains(symbol)
        || CALL_THEIR_ARGUMENT.contains(withoutUnderscore(symbol));
  }

  /** {@code std::__throw_*} of libstdc++ and libc++, in mangled form. */
  private static boolean isStandardThrow(String name) {
    if (name.startsWith("_ZSt")) {
      int at = 4;
      while (at < name.length() && Character.isDigit(name.charAt(at))) {
        at++;
      }
      return name.startsWith("__throw_", at);
    }
    return name.startsWith("_ZNSt3__1") && name.contains("__throw_");
  }

  private static String withoutUnderscore(String symbol) {
    return symbol.startsWith("_") ? symbol.substring(1) : symbol;
  }
}
