package dev.ballast.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.ballast.store.BallastJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks a controller that runs elsewhere. */
final class ServerClient {
  private final URI server;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(3))
          .build();

  ServerClient(URI server) {
    this.server = server;
  }

  /**
   * What is at {@code path}; throws {@link CommandException} with the problem that the server
   * named.
   */
  JsonNode get(String path) {
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(Duration.ofSeconds(30))
            .header("Accept", "application/json")
            .build();
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      JsonNode body = read(response.body());
      if (response.statusCode() != 200) {
        String detail = body.path("detail").asText("the server answered " + response.statusCode());
        throw response.statusCode() < 500
            ? CommandException.usage(detail)
            : CommandException.environment(detail);
      }
      return body;
    } catch (IOException e) {
      throw CommandException.environment(
          "no controller at %s (%s). Start one with: bin/ballast local"
              .formatted(server, e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandException.environment("interrupted");
    }
  }

  private static JsonNode read(String body) throws JsonProcessingException {
    return body.isBlank()
        ? BallastJson.mapper().createObjectNode()
        : BallastJson.mapper().readTree(body);
  }
}
