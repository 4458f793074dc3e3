package dev.sigill.report;

import dev.sigill.platform.Architecture;
import dev.sigill.verdict.Result;
import java.util.List;

/**
 * One runtime of this computer, and the answer for what is installed in it.
 *
 * @param language {@code python}, {@code java} or {@code node}
 * @param title what people read: {@code Python 3.9.6}, {@code Temurin 21.0.3}
 * @param version its version, or empty
 * @param implementation {@code cpython}, {@code pypy}, {@code temurin} …, or empty
 * @param architecture the architecture of its processes
 * @param place where it lies, as people would type it: {@code ~/ml/.venv}
 * @param remarks what explains the answer, one sentence each without full stop
 * @param result the answer; its machine is the one that the runtime's processes meet
 */
public record Diagnosis(
    String language,
    String title,
    String version,
    String implementation,
    Architecture architecture,
    String place,
    List<String> remarks,
    Result result) {
  public Diagnosis {
    remarks = List.copyOf(remarks);
  }
}
