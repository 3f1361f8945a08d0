package dev.ballast.worker;

import io.quarkus.arc.Unremovable;
import io.smallrye.faulttolerance.api.ExponentialBackoff;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.SystemDefaultRoutePlanner;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.util.Timeout;
import org.eclipse.microprofile.faulttolerance.Retry;

/**
 * Fetches the bytes of users' models: over https, from public addresses, or from networks that the
 * owner of the worker allowed (there over http, too). A server that stumbles is asked again, after
 * 0.3, 0.6 and 1.2 s; one that says no is not. There is no circuit breaker: models come from many
 * servers, and one that is away must not shut out the others. Tasks back off by themselves.
 */
@ApplicationScoped
@Unremovable
public class Downloads {
  /** A larger model is refused: no browser could hold it. */
  static final long MAX_BYTES = 4L << 30;

  private static final int MAX_REDIRECTS = 5;
  private static final Duration AT_MOST = Duration.ofMinutes(10);

  private final CheckedNames names;
  private final ModelCredentials credentials;
  private final ProxyRoutes proxies;
  private final long maxBytes;
  private final CloseableHttpClient client;

  /** Throws {@link IllegalArgumentException} when the owner's certificates cannot be read. */
  @Inject
  public Downloads(ModelAccess access) {
    this(access, InetAddress::getAllByName, MAX_BYTES);
  }

  Downloads(ModelAccess access, CheckedNames.Lookup lookup, long maxBytes) {
    this.names = new CheckedNames(access.networks(), lookup);
    this.credentials = access.credentials();
    this.proxies = access.proxies();
    this.maxBytes = maxBytes;
    PoolingHttpClientConnectionManagerBuilder connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .useSystemProperties()
            .setDnsResolver(names.exceptFor(proxies::isProxy))
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(Timeout.ofSeconds(10))
                    .setSocketTimeout(Timeout.ofSeconds(60))
                    .build());
    access
        .certificates()
        .map(Downloads::trusting)
        .ifPresent(context ->
            connections.setTlsSocketStrategy(
                ClientTlsStrategyBuilder.create().setSslContext(context).buildClassic()));
    this.client =
        HttpClients.custom()
            .setRoutePlanner(new SystemDefaultRoutePlanner(proxies))
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableCookieManagement()
            .setConnectionManager(connections.build())
            .build();
  }

  private static SSLContext trusting(Path certificates) {
    try {
      return Trust.also(certificates);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the certificates for models cannot be used: " + e.getMessage(), e);
    }
  }

  /**
   * Fetches {@code location} into {@code target}, all or nothing.
   *
   * @throws RefusedException when the server answered that there is no such thing, the bytes are
   *     not the ones promised, or it may not be asked; asking again is no use
   * @throws IOException when it could not be reached or broke off
   */
  @Retry(
      maxRetries = 3,
      delay = 300,
      jitter = 100,
      retryOn = IOException.class,
      abortOn = RefusedException.class)
  @ExponentialBackoff
  public void fetch(URI location, String sha256, Path target) throws IOException {
    Instant deadline = Instant.now().plus(AT_MOST);
    Path part = Files.createTempFile(target.getParent(), "download", ".part");
    try {
      Optional<URI> next = Optional.of(location);
      for (int hop = 0; next.isPresent(); hop++) {
        if (hop > MAX_REDIRECTS) {
          throw new RefusedException(
              "model-not-found",
              "%s redirects more than %d times".formatted(location, MAX_REDIRECTS));
        }
        URI asked = next.get();
        check(asked);
        HttpGet get = new HttpGet(asked);
        credentials.authorization(asked).ifPresent(value -> get.setHeader("Authorization", value));
        next = client.execute(get, response -> take(response, asked, sha256, part, deadline));
      }
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (CheckedNames.RefusedAddressException e) {
      throw new RefusedException("model-address-refused", String.valueOf(e.getMessage()));
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private void check(URI asked) throws IOException {
    if (asked.getHost() != null && proxies.proxy(asked).isPresent()) {
      names.refuseKnown(asked.getHost());
    }
    boolean https = "https".equals(asked.getScheme());
    if (asked.getHost() == null || !(https || "http".equals(asked.getScheme()))) {
      throw new RefusedException("model-address-refused", asked + " is not an https URL");
    }
    if (!https && !names.allowedByOwner(asked.getHost())) {
      throw new RefusedException(
          "model-address-refused", "%s is not https, so anybody could change it".formatted(asked));
    }
  }

  /** The body into {@code part}, or where else to ask. */
  private Optional<URI> take(
      ClassicHttpResponse response, URI asked, String sha256, Path part, Instant deadline)
      throws IOException {
    int status = response.getCode();
    if (status >= 300 && status < 400 && response.containsHeader("Location")) {
      try {
        return Optional.of(asked.resolve(response.getFirstHeader("Location").getValue()));
      } catch (IllegalArgumentException e) {
        throw new RefusedException("model-not-found", asked + " redirects to what is no URL");
      }
    }
    if (status == 401 || status == 403) {
      throw new RefusedException(
          "model-forbidden",
          credentials.authorization(asked).isPresent()
              ? "%s answered %d to the credentials for its host".formatted(asked, status)
              : "%s answered %d, and there are no credentials for its host (spec.modelCredentials of the pool)"
                  .formatted(asked, status));
    }
    if (status >= 400 && status < 500) {
      throw new RefusedException("model-not-found", "%s answered %d".formatted(asked, status));
    }
    HttpEntity entity = response.getEntity();
    if (status != 200 || entity == null) {
      throw new IOException("%s answered %d".formatted(asked, status));
    }
    try (InputStream body = entity.getContent()) {
      String actual = copy(body, part, asked, deadline);
      if (!actual.equals(sha256)) {
        throw new RefusedException(
            "sha256-mismatch",
            "%s has sha256 %s, not the promised %s".formatted(asked, actual, sha256));
      }
    }
    return Optional.empty();
  }

  private String copy(InputStream body, Path part, URI location, Instant deadline)
      throws IOException {
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
        if (total > maxBytes) {
          throw new RefusedException(
              "model-too-large", "%s has more than %d bytes".formatted(location, maxBytes));
        }
        if (Instant.now().isAfter(deadline)) {
          throw new IOException("%s takes longer than %s".formatted(location, AT_MOST));
        }
        if (Thread.currentThread().isInterrupted()) {
          throw new RefusedException(
              "cancelled", "the download of %s was interrupted".formatted(location));
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
