package dev.ballast.cli.report;

import dev.ballast.model.AttemptResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Results as a JSON array, one object for each attempt, each on a line of its own. */
public final class JsonReport {
  private JsonReport() {}

  /** The array; {@code toJson} writes one result as JSON. */
  public static String render(
      List<AttemptResult> attempts, Function<AttemptResult, String> toJson) {
    return attempts.stream().map(toJson).collect(Collectors.joining(",\n", "[\n", "\n]\n"));
  }

  /** Writes the array, whole or not at all. */
  public static void write(
      List<AttemptResult> attempts, Function<AttemptResult, String> toJson, Path file)
      throws IOException {
    AtomicFile.write(file, render(attempts, toJson));
  }
}
