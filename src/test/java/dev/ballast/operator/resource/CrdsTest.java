package dev.ballast.operator.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionSpec;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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

  /** Lists of which two appliers may own different entries, and what tells their entries apart. */
  private static final Map<String, String> LIST_KEYS =
      Map.of(
          "conditions",
          "type",
          "models",
          "name",
          "inputs",
          "name",
          "unplaceableReasons",
          "code",
          "imagePullSecrets",
          "name",
          "families",
          "family");

  /** What {@code kubectl explain} says of the resources themselves. */
  private static final Map<String, Class<?>> KINDS =
      Map.of("TestJob", TestJob.class, "BrowserPool", BrowserPool.class);

  private static final Comparator<CustomResourceColumnDefinition> LEFT_TO_RIGHT =
      Comparator.comparingInt(column -> COLUMNS.indexOf(column.getName()));

  @TempDir Path generated;

  @ParameterizedTest
  @ValueSource(strings = {"testjobs.ballast.dev-v1.yml", "browserpools.ballast.dev-v1.yml"})
  void theCheckedInCrdIsTheOneTheClassesGenerate(String file) throws IOException {
    new CRDGenerator()
        .inOutputDir(generated.toFile())
        .withPostProcessor(new Finish())
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

  /** What the generator has no annotation for. */
  private static final class Finish implements CRDPostProcessor {
    @Override
    public HasMetadata process(HasMetadata crd, String version) {
      CustomResourceDefinitionSpec spec = ((CustomResourceDefinition) crd).getSpec();
      Class<?> kind = KINDS.get(spec.getNames().getKind());
      spec.getVersions()
          .forEach(v -> {
            v.getAdditionalPrinterColumns().sort(LEFT_TO_RIGHT);
            JSONSchemaProps schema = v.getSchema().getOpenAPIV3Schema();
            schema.setDescription(kind.getAnnotation(JsonClassDescription.class).value());
            listTypes(schema);
          });
      return crd;
    }

    /** A list without keys is one applier's: its order names the tasks, or is the browser's. */
    private static void listType(JSONSchemaProps list, @Nullable String key) {
      if (key == null) {
        list.setXKubernetesListType("atomic");
      } else {
        list.setXKubernetesListType("map");
        list.setXKubernetesListMapKeys(List.of(key));
      }
    }

    private static void listTypes(JSONSchemaProps schema) {
      schema
          .getProperties()
          .forEach((name, property) -> {
            if ("array".equals(property.getType())) {
              listType(property, LIST_KEYS.get(name));
            }
            listTypes(property);
          });
      if (schema.getItems() != null && schema.getItems().getSchema() != null) {
        listTypes(schema.getItems().getSchema());
      }
    }
  }
}
