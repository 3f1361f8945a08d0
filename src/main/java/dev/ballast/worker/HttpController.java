package dev.ballast.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.SyncResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The worker protocol over HTTP: {@code POST /api/v1/workers/{id}/sync}. Outbound calls only, so
 * that a worker can stand behind any firewall.
 */
public final class HttpController implements Controller {
  /** Beyond the long poll itself, an answer must come within this. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private static final int CONFLICT = 409;

  /** Below this many bytes a message is sent as it is: results and evidence are larger. */
  private static final int WORTH_COMPRESSING = 16 << 10;

  /** The type of the problem document that says so. */
  private static final String STALE = "/problems/stale-sync\"";

  private final URI server;
  private final ObjectMapper json;
  private final Supplier<Optional<String>> token;
  private final HttpClient client;

  public HttpController(URI server, ObjectMapper json) {
    this(server, json, Optional::empty, null);
  }

  /**
   * Shows a token with every request.
   *
   * @param token asked for anew each time, since tokens are renewed
   * @param trusted what the controller is recognised by over TLS; null: what the platform trusts
   */
  public HttpController(
      URI server,
      ObjectMapper json,
      Supplier<Optional<String>> token,
      @Nullable SSLContext trusted) {
    this.server = server;
    this.json = json;
    this.token = token;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(3));
    this.client = (trusted == null ? builder : builder.sslContext(trusted)).build();
  }

  @Override
  public CompletableFuture<SyncResponse> sync(SyncRequest request) {
    HttpRequest.Builder post =
        HttpRequest.newBuilder(
                server.resolve(
                    "/api/v1/workers/"
                        + URLEncoder.encode(request.worker().name(), StandardCharsets.UTF_8)
                        + "/sync"))
            .timeout(GRACE.plusMillis(request.waitMillis()))
            .header("Content-Type", "application/json");
    byte[] body;
    try {
      body = json.writeValueAsBytes(request);
      token.get().ifPresent(shown -> post.header("Authorization", "Bearer " + shown));
    } catch (JsonProcessingException | UncheckedIOException e) {
      return CompletableFuture.failedFuture(e);
    }
    if (body.length > WORTH_COMPRESSING) {
      body = compressed(body);
      post.header("Content-Encoding", "gzip");
    }
    HttpRequest sent = post.POST(HttpRequest.BodyPublishers.ofByteArray(body)).build();
    return client.sendAsync(sent, HttpResponse.BodyHandlers.ofByteArray()).thenApply(this::read);
  }

  private static byte[] compressed(byte[] body) {
    ByteArrayOutputStream small = new ByteArrayOutputStream(body.length / 4);
    try (GZIPOutputStream gzip = new GZIPOutputStream(small)) {
      gzip.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return small.toByteArray();
  }

  private SyncResponse read(HttpResponse<byte[]> response) {
    if (response.statusCode() == CONFLICT) {
      String problem = new String(response.body(), StandardCharsets.UTF_8);
      if (problem.contains(STALE)) {
        throw new CompletionException(new StaleExchangeException(problem));
      }
    }
    if (response.statusCode() != 200) {
      throw new CompletionException(
          new IOException(
              "the controller at %s answered %d: %s"
                  .formatted(
                      server,
                      response.statusCode(),
                      new String(response.body(), StandardCharsets.UTF_8))));
    }
    try {
      return json.readValue(response.body(), SyncResponse.class);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the controller at %s answered what is not the worker protocol: %s"
              .formatted(server, e.getMessage()),
          e);
    }
  }
}
