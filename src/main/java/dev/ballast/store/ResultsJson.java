package dev.ballast.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.ballast.model.AttemptResult;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Results in the shape that {@code docs/results.md} promises: one JSON object per attempt. */
public final class ResultsJson {
  private static final ObjectWriter WRITER = BallastJson.mapper().writerFor(AttemptResult.class);
  private static final TypeReference<List<AttemptResult>> LIST = new TypeReference<>() {};

  private ResultsJson() {}

  /** One line, without its line end. */
  public static String write(AttemptResult result) {
    try {
      return WRITER.writeValueAsString(result);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads one object; what is no result is refused with the place in the text. */
  public static AttemptResult read(String json) throws IOException {
    return BallastJson.mapper().readValue(json, AttemptResult.class);
  }

  /** An array with one result per line. */
  public static void writeAll(Iterable<AttemptResult> results, OutputStream out)
      throws IOException {
    String separator = "[\n";
    for (AttemptResult result : results) {
      out.write(separator.getBytes(UTF_8));
      out.write(WRITER.writeValueAsBytes(result));
      separator = ",\n";
    }
    out.write((separator.equals("[\n") ? "[]\n" : "\n]\n").getBytes(UTF_8));
    out.flush();
  }

  /** Reads the array that {@link #writeAll} writes. */
  public static List<AttemptResult> readAll(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return BallastJson.mapper().readValue(in, LIST);
    }
  }
}
