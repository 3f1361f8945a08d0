package dev.ballast;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.duckdb.DuckDBDriver;
import org.junit.jupiter.api.Test;

/**
 * The profile {@code native} is not built by anything here; what it would have to know is kept in
 * step: what Jackson reads and writes, what DuckDB's library calls, and the files that are read by
 * name.
 */
class NativeMetadataTest {
  private static final Path FILE =
      Path.of("src/main/resources/META-INF/native-image/dev.ballast/reachability-metadata.json");

  /** Packages of which every record, enum and resource is written or read as JSON. */
  private static final List<String> SPOKEN =
      List.of("dev.ballast.model", "dev.ballast.operator.resource", "dev.ballast.dispatch");

  private static final List<String> FOLDERS =
      List.of("db", "models", "runner", "META-INF/resources");

  /** Files that are taken one by one; the first is Quarkus' own affair. */
  private static final List<String> ALONE = List.of("application.properties", "version.properties");

  @Test
  void whatANativeImageHasToKnowIsInStep() throws IOException {
    ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    String expected = json.writeValueAsString(metadata(json)) + "\n";
    if (Boolean.getBoolean("native.write")) {
      Files.createDirectories(FILE.getParent());
      Files.writeString(FILE, expected);
    }

    assertThat(FILE).as("mvn test -Dtest=NativeMetadataTest -Dnative.write=true").exists();
    assertThat(Files.readString(FILE))
        .as("mvn test -Dtest=NativeMetadataTest -Dnative.write=true")
        .isEqualTo(expected);
  }

  /** A folder that nobody listed would be missing from the image. */
  @Test
  void everyFolderOfResourcesIsListed() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/resources"))) {
      assertThat(
              files
                  .filter(Files::isRegularFile)
                  .map(file -> Path.of("src/main/resources").relativize(file).toString())
                  .filter(file -> !file.startsWith("META-INF/native-image"))
                  .filter(file -> !ALONE.contains(file))
                  .filter(file -> !file.startsWith("dev/ballast/")))
          .allMatch(file -> FOLDERS.stream().anyMatch(folder -> file.startsWith(folder + "/")));
    }
  }

  private static ObjectNode metadata(ObjectMapper json) {
    ObjectNode metadata = json.createObjectNode();
    ArrayNode reflection = metadata.putArray("reflection");
    new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.ballast")
            .stream()
            .filter(NativeMetadataTest::isSpoken)
            .map(JavaClass::getName)
            .sorted()
            .forEach(name -> reflect(reflection, name));
    for (String name : List.of("DuckDBDriver", "DuckDBNative", "DuckDBTimestamp", "DuckDBVector")) {
      reflect(reflection, DuckDBDriver.class.getPackageName() + "." + name)
          .put("jniAccessible", true);
    }
    ArrayNode resources = metadata.putArray("resources");
    FOLDERS.forEach(folder -> resources.addObject().put("glob", folder + "/**"));
    resources.addObject().put("glob", "dev/ballast/**");
    resources.addObject().put("glob", "version.properties");
    resources.addObject().put("glob", "libduckdb_java.so_linux_*");
    return metadata;
  }

  private static ObjectNode reflect(ArrayNode reflection, String name) {
    return reflection
        .addObject()
        .put("type", name)
        .put("allDeclaredFields", true)
        .put("allDeclaredMethods", true)
        .put("allDeclaredConstructors", true);
  }

  private static boolean isSpoken(JavaClass type) {
    boolean value =
        type.isRecord() || type.isEnum() || type.getName().contains("operator.resource.");
    boolean document =
        type.getPackageName().startsWith("dev.ballast.server")
            && (type.getName().contains("Document") || type.getName().contains("Problem"));
    return value
        && !type.isAnonymousClass()
        && (document || SPOKEN.stream().anyMatch(type.getPackageName()::startsWith));
  }
}
