package dev.ballast.worker.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A session of a WebDriver server, asked for over HTTP; all else goes over its BiDi socket. */
final class WebDriverSession implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(WebDriverSession.class.getName());
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CREATE = Duration.ofSeconds(60);
  private static final Duration DELETE = Duration.ofSeconds(5);

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI endpoint;
  private final JsonNode created;

  private WebDriverSession(URI endpoint, ObjectNode capabilities) throws BrowserException {
    this.endpoint = endpoint;
    var body = JSON.createObjectNode();
    body.putObject("capabilities").set("alwaysMatch", capabilities.put("webSocketUrl", true));
    JsonNode answer =
        send(
            HttpRequest.newBuilder(at("/session"))
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .timeout(CREATE)
                .build());
    this.created = answer.path("value");
    if (!created.path("capabilities").path("webSocketUrl").isTextual()) {
      close();
      throw new BrowserException(
          "the WebDriver server at %s has no BiDi socket (capability webSocketUrl). Maybe a newer driver?"
              .formatted(endpoint));
    }
  }

  /** {@code endpoint} is what {@code /session} is appended to. */
  static WebDriverSession create(URI endpoint, ObjectNode capabilities) throws BrowserException {
    return new WebDriverSession(endpoint, capabilities);
  }

  /** What the browser is, in its driver's words. */
  JsonNode capabilities() {
    return created.path("capabilities");
  }

  URI webSocket() {
    return URI.create(created.path("capabilities").path("webSocketUrl").asText());
  }

  String browserVersion() {
    return created.path("capabilities").path("browserVersion").asText("unknown");
  }

  /** Tells the server to end the browser; one that does not answer is left to its own time-outs. */
  @Override
  public void close() {
    try {
      String id = created.path("sessionId").asText();
      send(HttpRequest.newBuilder(at("/session/" + id)).DELETE().timeout(DELETE).build());
    } catch (BrowserException e) {
      LOG.log(System.Logger.Level.DEBUG, "the session was not deleted", e);
    } finally {
      client.shutdownNow();
    }
  }

  /** Leaves the session to die with its server. */
  void abandon() {
    client.shutdownNow();
  }

  private URI at(String path) {
    return URI.create(endpoint.toString().replaceAll("/+$", "") + path);
  }

  private JsonNode send(HttpRequest request) throws BrowserException {
    String what = "%s %s".formatted(request.method(), request.uri());
    try {
      var response = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new BrowserException(
            "%s answered %d: %s".formatted(what, response.statusCode(), response.body()));
      }
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new BrowserException("%s failed: %s".formatted(what, e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BrowserException(what + " was interrupted", e);
    }
  }
}
