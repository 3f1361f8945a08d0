package dev.ballast.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.ballast.store.BallastJson;
import dev.ballast.worker.Trust;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Asks a controller that runs elsewhere; shows it the token in {@code BALLAST_TOKEN}, and
 * recognises it by the certificates in the file {@code BALLAST_CA_FILE}, where they are set. Every
 * method throws {@link CommandException} with the problem that the server named, or when there is
 * no server.
 */
public final class ServerClient {
  private final URI server;
  private final HttpClient client = client();
  private final Optional<String> token = Optional.ofNullable(System.getenv("BALLAST_TOKEN"));

  public ServerClient(URI server) {
    if (!"http".equals(server.getScheme()) && !"https".equals(server.getScheme())) {
      throw CommandException.usage(
          "--server %s: must be an http(s) URL. Maybe http://127.0.0.1:7878?".formatted(server));
    }
    this.server = server;
  }

  private static HttpClient client() {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(3));
    String authority = System.getenv("BALLAST_CA_FILE");
    try {
      return authority == null
          ? builder.build()
          : builder.sslContext(Trust.only(Path.of(authority))).build();
    } catch (IOException e) {
      throw CommandException.usage("BALLAST_CA_FILE: " + e.getMessage());
    }
  }

  public boolean showsToken() {
    return token.isPresent();
  }

  public URI server() {
    return server;
  }

  /** Breaks off what is under way, on whatever thread. */
  public void close() {
    client.shutdownNow();
  }

  /** What is at {@code path}. */
  public JsonNode get(String path) {
    return exchange(request(path, "application/json").GET().build());
  }

  /** What the server answers to a body, for example of {@code application/yaml}. */
  public JsonNode send(String method, String path, String mediaType, String body) {
    return exchange(
        request(path, "application/json")
            .header("Content-Type", mediaType)
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  /** Hands on every line of a body as it comes in; blank ones too. */
  public void lines(String path, String accept, Consumer<String> reader) {
    try {
      HttpResponse<Stream<String>> response =
          client.send(
              shown(HttpRequest.newBuilder(server.resolve(path)).header("Accept", accept)).build(),
              HttpResponse.BodyHandlers.ofLines());
      try (Stream<String> lines = response.body()) {
        if (response.statusCode() >= 300) {
          throw refused(response.statusCode(), lines.reduce("", (all, line) -> all + line));
        }
        lines.forEach(reader);
      }
    } catch (UncheckedIOException e) {
      throw unreachable(Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  /** Writes a body to a file, whole or not at all. */
  public void download(String path, String accept, Path file) throws IOException {
    Path draft = file.resolveSibling("." + file.getFileName() + ".part");
    try {
      HttpResponse<InputStream> response =
          client.send(
              request(path, accept).timeout(Duration.ofMinutes(10)).build(),
              HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        if (response.statusCode() >= 300) {
          throw refused(
              response.statusCode(), new String(body.readAllBytes(), StandardCharsets.UTF_8));
        }
        Files.copy(body, draft, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (java.net.ConnectException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      throw interrupted();
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private HttpRequest.Builder request(String path, String accept) {
    return shown(
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(Duration.ofSeconds(30))
            .header("Accept", accept));
  }

  private HttpRequest.Builder shown(HttpRequest.Builder request) {
    token.ifPresent(known -> request.header("Authorization", "Bearer " + known));
    return request;
  }

  private JsonNode exchange(HttpRequest request) {
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() >= 300) {
        throw refused(response.statusCode(), response.body());
      }
      return read(response.body());
    } catch (IOException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  /** The field errors of a problem document, else its detail. */
  private CommandException refused(int status, String body) {
    JsonNode problem;
    try {
      problem = read(body);
    } catch (JsonProcessingException e) {
      problem = BallastJson.mapper().createObjectNode();
    }
    String detail = problem.path("detail").asText("%s answered %d".formatted(server, status));
    if (status >= 500) {
      return CommandException.environment(detail);
    }
    List<String> errors =
        problem.path("errors").valueStream().map(error -> error.path("detail").asText()).toList();
    return CommandException.usage(errors.isEmpty() ? List.of(detail) : errors);
  }

  private CommandException unreachable(IOException e) {
    String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return CommandException.environment(
        "no controller at %s (%s). Start one with: bin/ballast local".formatted(server, reason));
  }

  private static CommandException interrupted() {
    Thread.currentThread().interrupt();
    return CommandException.environment("interrupted");
  }

  private static JsonNode read(String body) throws JsonProcessingException {
    return body.isBlank()
        ? BallastJson.mapper().createObjectNode()
        : BallastJson.mapper().readTree(body);
  }
}
