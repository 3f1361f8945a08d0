package dev.ballast.worker;

import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import org.eclipse.microprofile.faulttolerance.CircuitBreaker;
import org.eclipse.microprofile.faulttolerance.Retry;

/**
 * Fetches the bytes of users' models. A server that stumbles is asked again; one that says no is
 * not.
 */
@ApplicationScoped
@Unremovable
public class Downloads {
  /** A larger model is refused: no browser could hold it. */
  static final long MAX_BYTES = 4L << 30;

  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(Duration.ofSeconds(10))
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();

  /**
   * Fetches {@code location} into {@code target}, all or nothing.
   *
   * @throws RefusedException when the server answered that there is no such thing, or the bytes are
   *     not the ones promised; asking again is no use
   * @throws IOException when it could not be reached or broke off
   */
  @Retry(
      maxRetries = 3,
      delay = 300,
      jitter = 100,
      retryOn = IOException.class,
      abortOn = RefusedException.class)
  @CircuitBreaker(
      requestVolumeThreshold = 10,
      failureRatio = 0.5,
      delay = 10,
      delayUnit = ChronoUnit.SECONDS,
      skipOn = RefusedException.class)
  public void fetch(URI location, String sha256, Path target) throws IOException {
    HttpRequest request = HttpRequest.newBuilder(location).timeout(Duration.ofMinutes(10)).build();
    Path part = Files.createTempFile(target.getParent(), "download", ".part");
    try {
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        if (response.statusCode() >= 400 && response.statusCode() < 500) {
          throw new RefusedException(
              "model-not-found", "%s answered %d".formatted(location, response.statusCode()));
        }
        if (response.statusCode() != 200) {
          throw new IOException("%s answered %d".formatted(location, response.statusCode()));
        }
        String actual = copy(body, part, location);
        if (!actual.equals(sha256)) {
          throw new RefusedException(
              "sha256-mismatch",
              "%s has sha256 %s, not the promised %s".formatted(location, actual, sha256));
        }
      }
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RefusedException(
          "cancelled", "the download of %s was interrupted".formatted(location));
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static String copy(InputStream body, Path part, URI location) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
    try (InputStream counted = new DigestInputStream(body, digest);
        var out = Files.newOutputStream(part)) {
      byte[] buffer = new byte[1 << 16];
      long total = 0;
      for (int read = counted.read(buffer); read >= 0; read = counted.read(buffer)) {
        total += read;
        if (total > MAX_BYTES) {
          throw new RefusedException(
              "model-too-large", "%s has more than %d bytes".formatted(location, MAX_BYTES));
        }
        out.write(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The answer is no, and will stay no. */
  public static class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String code;

    RefusedException(String code, String message) {
      super(message);
      this.code = code;
    }

    /** A stable word, for the result's {@code code}. */
    public String code() {
      return code;
    }
  }
}
