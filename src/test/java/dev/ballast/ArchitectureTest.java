package dev.ballast;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the house in its shape: arrows point down, and the core knows no framework. */
class ArchitectureTest {
  /** From the ground up: a package may use only those before it. */
  private static final List<String> FLOORS =
      List.of(
          "model",
          "balancer",
          "dispatch",
          "simulate",
          "store",
          "worker",
          "operator",
          "server",
          "cli");

  /** What runs under a seed: no framework, no clock, no I/O. */
  private static final String[] CORE = {
    "dev.ballast.model..",
    "dev.ballast.balancer..",
    "dev.ballast.dispatch..",
    "dev.ballast.simulate.."
  };

  private static final JavaClasses BALLAST =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.ballast");

  @Test
  void arrowsPointDown() {
    var house = layeredArchitecture().consideringOnlyDependenciesInLayers();
    for (String floor : FLOORS) {
      house = house.optionalLayer(floor).definedBy("dev.ballast." + floor + "..");
    }
    for (int floor = 0; floor < FLOORS.size(); floor++) {
      List<String> above = FLOORS.subList(floor + 1, FLOORS.size());
      house =
          above.isEmpty()
              ? house.whereLayer(FLOORS.get(floor)).mayNotBeAccessedByAnyLayer()
              : house
                  .whereLayer(FLOORS.get(floor))
                  .mayOnlyBeAccessedByLayers(above.toArray(String[]::new));
    }
    house.check(BALLAST);
  }

  @Test
  void everyClassLivesOnAFloor() {
    classes()
        .should()
        .resideInAnyPackage(
            FLOORS.stream().map(floor -> "dev.ballast." + floor + "..").toArray(String[]::new))
        .check(BALLAST);
  }

  @Test
  void theCoreKnowsNoFramework() {
    noClasses()
        .that()
        .resideInAnyPackage(CORE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.quarkus..",
            "io.fabric8..",
            "io.javaoperatorsdk..",
            "io.smallrye..",
            "jakarta..",
            "org.duckdb..",
            "java.sql..",
            "java.net.http..",
            "com.sun.net.httpserver..",
            "com.fasterxml.jackson..",
            "io.vertx..",
            "io.micrometer..",
            "org.eclipse.microprofile..",
            "org.jboss..",
            "org.apache..",
            "picocli..")
        .check(BALLAST);
  }

  @Test
  void theCoreHasNoClock() {
    noClasses()
        .that()
        .resideInAnyPackage(CORE)
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .orShould()
        .callMethod(InstantSource.class, "system")
        .check(BALLAST);
  }

  @Test
  void noCyclesBetweenPackages() {
    slices().matching("dev.ballast.(**)").should().beFreeOfCycles().check(BALLAST);
  }

  @Test
  void everyPackageSaysWhatLivesInItAndKnowsNoNull() throws IOException {
    try (Stream<Path> folders = Files.walk(Path.of("src/main/java/dev/ballast"))) {
      List<Path> packages =
          folders.filter(Files::isDirectory).filter(ArchitectureTest::holdsJava).toList();
      assertThat(packages)
          .hasSizeGreaterThan(FLOORS.size())
          .allSatisfy(folder ->
              assertThat(folder.resolve("package-info.java"))
                  .exists()
                  .content()
                  .startsWith("/**")
                  .containsPattern("(?m)^@NullMarked$"));
    }
  }

  private static boolean holdsJava(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(file -> file.toString().endsWith(".java"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
