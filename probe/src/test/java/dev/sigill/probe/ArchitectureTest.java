package dev.sigill.probe;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Probe runs things and says what happened; words and exit codes are others' business. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.sigill");

  @Test
  void earlierModules_doNotKnowProbe() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.sigill.probe..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.sigill.probe..")
        .check(CLASSES);
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
        .check(CLASSES);
  }

  @Test
  void foreignFunctions_areCalledInOnePlace() {
    noClasses()
        .that()
        .resideInAPackage("dev.sigill.probe..")
        .and()
        .doNotHaveSimpleName("Libc")
        .should()
        .dependOnClassesThat()
        .haveSimpleName("Linker")
        .check(CLASSES);
  }
}
