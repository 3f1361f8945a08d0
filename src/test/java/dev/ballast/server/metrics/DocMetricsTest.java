package dev.ballast.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page says of every metric what the code says of it. */
class DocMetricsTest {
  private static final Path PAGE = Path.of("docs/metrics.md");

  private static String table() {
    return "| metric | type | labels | what it tells |\n|---|---|---|---|\n"
        + Arrays.stream(Metric.values())
            .map(metric ->
                "| `%s` | %s | %s | %s |%n"
                    .formatted(
                        metric.series(),
                        metric.type().label(),
                        metric.labels().stream()
                            .map(label -> "`" + label + "`")
                            .collect(Collectors.joining(", ")),
                        metric.help()))
            .collect(Collectors.joining());
  }

  @Test
  void thePageHoldsTheTableOfTheCode() throws IOException {
    assertThat(Files.readString(PAGE))
        .as("%s; the table is now:%n%s", PAGE, table())
        .contains(table());
  }
}
