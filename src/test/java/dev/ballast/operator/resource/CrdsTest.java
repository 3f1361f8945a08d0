package dev.ballast.operator.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The CRDs in {@code crds/} are the ones these classes generate. */
class CrdsTest {
  private static final Path CHECKED_IN = Path.of("crds");

  /** Printer columns from left to right; the generator sorts them by path. */
  private static final List<String> COLUMNS =
      List.of(
          "Browser",
          "Workers",
          "Ready",
          "Busy",
          "Slots",
          "Queued",
          "Utilization",
          "Breaker",
          "Status",
          "Progress",
          "Failed",
          "Unplaceable",
          "Flagged",
          "Rejected",
          "Forecast",
          "Recommended",
          "Version",
          "Age");

  private static final Comparator<CustomResourceColumnDefinition> LEFT_TO_RIGHT =
      Comparator.comparingInt(column -> COLUMNS.indexOf(column.getName()));

  @TempDir Path generated;

  @ParameterizedTest
  @ValueSource(strings = {"testjobs.ballast.dev-v1.yml", "browserpools.ballast.dev-v1.yml"})
  void theCheckedInCrdIsTheOneTheClassesGenerate(String file) throws IOException {
    new CRDGenerator()
        .inOutputDir(generated.toFile())
        .withPostProcessor(new ColumnsInOrder())
        .customResourceClasses(TestJob.class, BrowserPool.class)
        .forCRDVersions("v1")
        .generate();
    String expected = Files.readString(generated.resolve(file));

    Path checkedIn = CHECKED_IN.resolve(file);
    if (Boolean.getBoolean("crds.write")) {
      Files.createDirectories(CHECKED_IN);
      Files.writeString(checkedIn, expected);
    }

    assertThat(checkedIn).as("write it with: mvn test -Dtest=CrdsTest -Dcrds.write=true").exists();
    assertThat(Files.readString(checkedIn))
        .as("%s is older than its classes; mvn test -Dtest=CrdsTest -Dcrds.write=true", checkedIn)
        .isEqualTo(expected);
  }

  private static final class ColumnsInOrder implements CRDPostProcessor {
    @Override
    public HasMetadata process(HasMetadata crd, String version) {
      ((CustomResourceDefinition) crd)
          .getSpec()
          .getVersions()
          .forEach(v -> v.getAdditionalPrinterColumns().sort(LEFT_TO_RIGHT));
      return crd;
    }
  }
}
