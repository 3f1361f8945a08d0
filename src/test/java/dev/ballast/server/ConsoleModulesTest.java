package dev.ballast.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The console's modules import one way, as the packages do. */
class ConsoleModulesTest {
  private static final Path FOLDER = Path.of("src/main/resources/META-INF/resources/console");
  private static final Pattern IMPORT = Pattern.compile("from \"\\./([\\w-]+\\.js)\"");

  @Test
  void noModuleIsImportedByWhatItImports() throws IOException {
    Map<String, List<String>> imports = new TreeMap<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".js")).toList()) {
        imports.put(
            file.getFileName().toString(),
            IMPORT
                .matcher(Files.readString(file))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList());
      }
    }
    assertThat(imports.get("main.js")).contains("overview.js", "jobs.js");

    List<String> order = new ArrayList<>();
    while (order.size() < imports.size()) {
      List<String> free =
          imports.keySet().stream()
              .filter(module -> !order.contains(module))
              .filter(module -> order.containsAll(imports.get(module)))
              .toList();
      assertThat(free).as("modules whose imports are all above: %s", order).isNotEmpty();
      order.addAll(free);
    }
  }
}
