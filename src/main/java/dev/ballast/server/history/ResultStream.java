package dev.ballast.server.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ballast.store.FileForm;
import dev.ballast.store.History;
import dev.ballast.store.ResultFilter;
import dev.ballast.store.ResultsJson;
import dev.ballast.store.View;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Results as the body of an answer, in the form that was asked for, at constant memory. */
public record ResultStream(History history, HistoryReads reads) {
  public static final String JSON = MediaType.APPLICATION_JSON;
  public static final String NDJSON = "application/x-ndjson";
  public static final String CSV = "text/csv";
  public static final String PARQUET = "application/vnd.apache.parquet";

  Response results(ResultFilter filter, HttpHeaders headers) {
    return switch (chosen(headers, JSON, NDJSON, CSV, PARQUET)) {
      case NDJSON -> stream(NDJSON, out -> lines(filter, out, "", "\n", ""));
      case CSV -> file(View.RESULTS, FileForm.CSV, filter);
      case PARQUET -> file(View.RESULTS, FileForm.PARQUET, filter);
      default -> stream(JSON, out -> lines(filter, out, "[\n", ",\n", "\n]\n"));
    };
  }

  /** The first of what the client accepts that can be had; of several equal ones our first. */
  static String chosen(HttpHeaders headers, String... forms) {
    for (MediaType accepted : headers.getAcceptableMediaTypes()) {
      for (String form : forms) {
        if (MediaType.valueOf(form).isCompatible(accepted)) {
          return form;
        }
      }
    }
    throw new NotAcceptableException("known here: " + String.join(", ", forms));
  }

  /** The database writes a file, which is sent and deleted. */
  Response file(View view, FileForm form, ResultFilter filter) {
    try {
      Path folder = Files.createTempDirectory("ballast");
      Path file = folder.resolve(view.label() + "." + form.label());
      try {
        reads.read(() -> {
          history.copy(view, form, filter, file);
          return file;
        });
      } catch (RuntimeException e) {
        delete(file);
        throw e;
      }
      return stream(
          form.mediaType(),
          out -> {
            try {
              Files.copy(file, out);
            } finally {
              delete(file);
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All that is durable now, as a file to be put in the place of the database. */
  Response backup() {
    try {
      Path file = Files.createTempDirectory("ballast").resolve("ballast.duckdb");
      try {
        reads.read(() -> {
          history.backup(file);
          return file;
        });
      } catch (RuntimeException e) {
        delete(file);
        throw e;
      }
      return stream(
          "application/octet-stream",
          out -> {
            try {
              Files.copy(file, out);
            } finally {
              delete(file);
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
      Files.deleteIfExists(file.getParent());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void lines(
      ResultFilter filter, OutputStream out, String before, String between, String after)
      throws IOException {
    boolean[] first = {true};
    out.write(before.getBytes(UTF_8));
    try {
      History.results(
          filter,
          chunk -> reads.read(() -> history.page(chunk)),
          result -> {
            try {
              out.write(((first[0] ? "" : between) + ResultsJson.write(result)).getBytes(UTF_8));
              first[0] = false;
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    out.write((after.isEmpty() && !first[0] ? between : after).getBytes(UTF_8));
  }

  private static Response stream(String type, StreamingOutput body) {
    return Response.ok(body).type(type).header("Vary", List.of("Accept")).build();
  }
}
