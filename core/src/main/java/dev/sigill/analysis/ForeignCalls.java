package dev.sigill.analysis;

import java.util.Arrays;

/** Calls of functions outside the target, which are known by their names. */
final class ForeignCalls {
  private final BlockVisit visit;
  private final Interpretation interpretation;
  private final Values values;
  private final AnalysedFunction function;
  private final OwnFrame frame;

  ForeignCalls(BlockVisit visit, OwnFrame frame) {
    this.visit = visit;
    this.interpretation = visit.interpretation;
    this.values = visit.values;
    this.function = visit.function;
    this.frame = frame;
  }

  /** Calls a function outside; adds what it leaves, if it comes back. */
  void call(long element, int atEvent, long[] arguments, Outcome outcome) {
    visit.giveAway(arguments, atEvent);
    String name = interpretation.externalName(element);
    if (ForeignFunctions.neverReturns(name)) {
      return;
    }
    outcome.returns = true;
    if (CpuCheckSources.isThreadLocalAddress(name)) {
      long descriptor = arguments[0];
      if (Values.kind(descriptor) == Values.ADDRESS) {
        long place = Values.payload(descriptor);
        outcome.result =
            values.join(
                outcome.result,
                Values.encode(
                    Values.ADDRESS,
                    Guards.NONE,
                    place + ((long) Interpretation.THREAD_LOCAL << 32)));
      } else {
        outcome.result = Values.UNKNOWN;
      }
      outcome.second = values.join(outcome.second, Values.UNKNOWN);
      return;
    }
    long answer =
        ForeignFunctions.allocates(name)
            ? frame.allocated(atEvent)
            : CpuCheckSources.readsEnvironment(name)
                ? interpretation.external(CpuCheckSources.ENVIRONMENT)
                : CpuCheckSources.call(values, interpretation.guards, name, arguments);
    outcome.result = values.join(outcome.result, answer);
    outcome.second = values.join(outcome.second, Values.UNKNOWN);
    if (visit.isSpeaking) {
      if (ForeignFunctions.callsItsArgument(name)) {
        for (long argument : arguments) {
          function.callbacks.add(new AnalysedFunction.Passed(visit.block, atEvent, argument));
        }
      }
      if (ForeignFunctions.takesModuleDefinition(name)) {
        function.moduleDefinitions.add(
            new AnalysedFunction.Passed(visit.block, atEvent, arguments[0]));
      }
    }
    if (ForeignFunctions.callsItsArgument(name)) {
      for (int i = 0; i < arguments.length; i++) {
        long argument = arguments[i];
        if (Values.kind(argument) == Values.ADDRESS
            && Interpretation.imageNumberOf(Values.payload(argument))
                < Interpretation.THREAD_LOCAL) {
          long place = Values.payload(argument);
          AnalysedFunction callee =
              interpretation.function(
                  Interpretation.imageNumberOf(place), interpretation.virtualAddressOf(place));
          if (callee != null) {
            callBack(callee, atEvent, arguments, i);
            interpretation.visit(callee);
          }
        }
      }
    }
    if (CpuCheckSources.fillsItsArgument(name)) {
      for (long argument : arguments) {
        if (Values.kind(argument) == Values.FRAME && visit.isSpeaking) {
          frame.store(Values.payload(argument), 8, Values.top(Guards.UNKNOWN));
        }
      }
    }
    frame.forgetShared();
  }

  /**
   * A function given to another, with what it will be called with: what was given before it, as to
   * {@code __call_once} and {@code dispatch_once_f}, and after that what follows it, as to {@code
   * InitOnceExecuteOnce}.
   */
  private void callBack(AnalysedFunction callee, int atEvent, long[] given, int index) {
    if (visit.context > 0) {
      return;
    }
    var passed = new long[AnalysedFunction.MOST_ARGUMENTS];
    Arrays.fill(passed, Values.UNKNOWN);
    if (index > 0) {
      passed[0] = given[index - 1];
    }
    for (int i = index + 1; i < given.length; i++) {
      passed[i - index] = given[i];
    }
    callee.callers.add(function.number);
    interpretation.pass(callee, visit.callSite(atEvent), passed, visit.callGuard());
  }
}
