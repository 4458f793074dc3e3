package dev.sigill;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The arrows of the flow point forward only: source, image, requirements, finding. */
class ArchitectureTest {
  private static JavaClasses classes;

  /** Each package, and what of ours it may know besides itself. */
  private static final Map<String, List<String>> MAY_KNOW =
      new TreeMap<>(
          Map.of(
              "bytes", List.of(),
              "platform", List.of(),
              "isa", List.of("platform"),
              "image", List.of("bytes", "platform"),
              "source", List.of("bytes", "image"),
              "python", List.of("source"),
              "machine", List.of("isa", "platform"),
              "installation", List.of("bytes", "platform", "image"),
              "analysis", List.of("bytes", "platform", "isa", "image", "source"),
              "verdict",
                  List.of(
                      "bytes",
                      "platform",
                      "isa",
                      "image",
                      "source",
                      "python",
                      "analysis",
                      "machine")));

  @BeforeAll
  static void readClasses() {
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.sigill");
  }

  @TestFactory
  Stream<DynamicTest> everyPackage_knowsOnlyWhatComesBeforeIt() {
    return MAY_KNOW.entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(),
                    () -> {
                      DescribedPredicate<JavaClass> allowed = ours(entry.getKey());
                      for (String other : entry.getValue()) {
                        allowed = allowed.or(ours(other));
                      }
                      noClasses()
                          .that(ours(entry.getKey()))
                          .should()
                          .dependOnClassesThat(
                              resideInAPackage("dev.sigill..").and(DescribedPredicate.not(allowed)))
                          .check(classes);
                    }));
  }

  @Test
  void source_knowsOfImagesOnlyHowToTellThem() {
    noClasses()
        .that(ours("source"))
        .should()
        .dependOnClassesThat(ours("image").and(DescribedPredicate.not(simpleName("Images"))))
        .check(classes);
  }

  @Test
  void packages_haveNoCycles() {
    slices().matching("dev.sigill.(*)..").should().beFreeOfCycles().check(classes);
  }

  @Test
  void standardStreamsAndExit_areTheCommandLines() {
    noClasses()
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .check(classes);
  }

  @Test
  void names_sayWhatAThingIs() {
    classes()
        .should()
        .haveSimpleNameNotEndingWith("Manager")
        .andShould()
        .haveSimpleNameNotEndingWith("Helper")
        .andShould()
        .haveSimpleNameNotEndingWith("Handler")
        .andShould()
        .haveSimpleNameNotEndingWith("Util")
        .check(classes);
  }

  private static DescribedPredicate<JavaClass> ours(String name) {
    return resideInAPackage("dev.sigill." + name + "..");
  }
}
