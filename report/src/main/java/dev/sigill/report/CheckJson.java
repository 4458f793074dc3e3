package dev.sigill.report;

import dev.sigill.analysis.CodePlace;
import dev.sigill.analysis.CpuCheck;
import dev.sigill.analysis.MergedFunction;
import dev.sigill.analysis.Protection;
import dev.sigill.analysis.Stage;
import dev.sigill.bytes.Problem;
import dev.sigill.source.Distribution;
import dev.sigill.verdict.Contained;
import dev.sigill.verdict.Coverage;
import dev.sigill.verdict.Finding;
import dev.sigill.verdict.Fix;
import dev.sigill.verdict.PackageAnswer;
import dev.sigill.verdict.Proof;
import dev.sigill.verdict.Result;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The answer of {@code check} for programs, version 1 of {@code check.schema.json}. */
public final class CheckJson {
  private CheckJson() {}

  /**
   * Writes the answer and leaves the stream open.
   *
   * @param version the tool's version
   */
  public static void write(List<Result> results, String version, OutputStream out)
      throws IOException {
    write(results, false, version, out);
  }

  /**
   * Writes the answer and leaves the stream open.
   *
   * @param isExplained whether to write what is contained but not required as well
   * @param version the tool's version
   */
  public static void write(
      List<Result> results, boolean isExplained, String version, OutputStream out)
      throws IOException {
    try (var json = new Json(out)) {
      json.object(
          root -> {
            head(root, version);
            root.list(
                "results",
                results,
                (each, result) ->
                    each.object(
                        object -> {
                          resultMembers(object, result);
                          if (isExplained) {
                            object.list("contained", result.contained(), CheckJson::contained);
                          }
                        }));
          });
    }
  }

  private static void contained(Json json, Contained contained) throws IOException {
    json.object(
        object -> {
          object.string("image", contained.image());
          object.string("why", contained.kind().id());
          object.strings("features", contained.features());
          object.number("functions", contained.functions());
          asked(object, contained.check());
          object.list("examples", contained.examples(), CheckJson::example);
        });
  }

  private static void asked(Json json, CpuCheck check) throws IOException {
    json.object(
        "asks",
        asks -> {
          asks.strings("features", check.features().ids());
          asks.truth("avxState", check.asksForAvxState());
          asks.truth("avx512State", check.asksForAvx512State());
          asks.truth("more", check.asksForMore());
        });
  }

  private static void example(Json json, Protection.Example example) throws IOException {
    json.object(
        object -> {
          place(object, "check", example.check());
          place(object, "code", example.code());
          object.strings("path", example.path());
        });
  }

  private static void place(Json json, String name, CodePlace place) throws IOException {
    if (place.isNone()) {
      json.nothing(name);
    } else {
      json.object(name, members -> placeMembers(members, place));
    }
  }

  private static void placeMembers(Json json, CodePlace place) {
    json.string("image", place.image());
    json.string("function", place.function());
    json.address("address", place.address());
    json.string("instruction", place.instruction());
  }

  static void head(Json json, String version) throws IOException {
    json.number("version", 1);
    json.object(
        "tool",
        tool -> {
          tool.string("name", "sigill");
          tool.string("version", version);
        });
  }

  static void resultMembers(Json json, Result result) throws IOException {
    json.string("target", result.target());
    json.string("artifact", result.artifact());
    json.string("machine", result.machine().name());
    json.string("verdict", result.verdict().id());
    json.string("stage", id(result.stage()));
    var packages = new Packages(result);
    json.list(
        "findings",
        result.findings(),
        (each, finding) -> finding(each, finding, packages.owner(finding.image())));
    json.list("packages", result.answers(), CheckJson::answer);
    json.object("coverage", coverage -> coverage(coverage, result.coverage()));
  }

  private static void answer(Json json, PackageAnswer answer) throws IOException {
    json.object(
        object -> {
          distribution(object, answer.distribution());
          object.string("verdict", answer.verdict().id());
          object.string("stage", id(answer.stage()));
          object.string("because", answer.because());
          Distribution cause = answer.cause();
          if (cause == null) {
            object.nothing("cause");
          } else {
            object.object("cause", members -> distribution(members, cause));
          }
          object.strings("imports", answer.chain());
        });
  }

  private static void finding(Json json, Finding finding, @Nullable Distribution owner)
      throws IOException {
    json.object(
        object -> {
          object.string("rule", finding.rule().id());
          object.string("title", finding.summary());
          object.string("verdict", finding.verdict().id());
          object.string("stage", id(finding.stage()));
          object.string("certainty", finding.certainty().id());
          object.strings("missing", finding.missing());
          object.string("image", finding.image());
          if (owner == null) {
            object.nothing("package");
          } else {
            object.object("package", members -> distribution(members, owner));
          }
          proof(object, finding.proof());
          object.string("needs", finding.needs());
          object.string("offers", finding.offers());
          object.strings("details", finding.details());
          object.list("fixes", finding.fixes(), CheckJson::fix);
        });
  }

  static void distribution(Json json, Distribution distribution) {
    json.string("ecosystem", word(distribution.ecosystem()));
    json.string("name", distribution.name());
    json.string("version", distribution.version());
  }

  private static void proof(Json json, @Nullable Proof proof) throws IOException {
    if (proof == null) {
      json.nothing("function");
      json.nothing("address");
      json.nothing("bytes");
      json.nothing("instruction");
      json.strings("path", List.of());
      json.nothing("check");
      json.nothing("merged");
      return;
    }
    json.string("function", proof.function());
    json.address("address", proof.address());
    json.string("bytes", proof.bytes());
    json.string("instruction", proof.instruction());
    json.strings("path", proof.path());
    if (proof.check().isNone()) {
      json.nothing("check");
    } else {
      json.object(
          "check",
          check -> {
            asked(check, proof.check());
            place(check, "place", proof.check().place());
          });
    }
    MergedFunction merged = proof.merged();
    if (merged.isNone()) {
      json.nothing("merged");
    } else {
      json.object(
          "merged",
          object -> {
            object.string("sign", merged.sign().id());
            object.number("callersWith", merged.callersWith());
            object.number("callersWithout", merged.callersWithout());
            place(object, "with", merged.with());
            place(object, "without", merged.without());
          });
    }
  }

  static void fix(Json json, Fix fix) throws IOException {
    json.object(
        object -> {
          object.string("summary", fix.summary());
          object.strings("commands", fix.commands());
          object.truth("verified", fix.verified());
        });
  }

  private static void coverage(Json json, Coverage coverage) throws IOException {
    json.number("codeBytes", coverage.codeBytes());
    json.number("decodedBytes", coverage.decodedBytes());
    json.number("images", coverage.images());
    json.number("skipped", coverage.skipped());
    json.strings("notAnalysed", coverage.notAnalysed());
    json.list("unreadable", coverage.unreadable(), CheckJson::problem);
  }

  private static void problem(Json json, Problem problem) throws IOException {
    json.object(
        object -> {
          object.string("file", problem.place().file());
          if (problem.place().offset() < 0) {
            object.nothing("offset");
          } else {
            object.address("offset", problem.place().offset());
          }
          object.string("field", problem.field());
          object.string("code", word(problem.code()));
          object.string("effect", word(problem.effect()));
          object.string("message", problem.message());
        });
  }

  static @Nullable String id(@Nullable Stage stage) {
    return stage == null ? null : word(stage);
  }

  /** A constant as JSON writes it: {@code OUT_OF_RANGE} as {@code out-of-range}. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
