package dev.ballast.server.door;

import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Local mode trusts whoever can reach loopback, and a browser can: so a request that names another
 * host (DNS rebinding) or comes from another page is refused, whatever it asks for: the API, the
 * console, the metrics.
 */
final class LocalCaller {
  private static final Pattern LOOPBACK =
      Pattern.compile("(127\\.0\\.0\\.1|localhost|\\[::1])(:\\d{1,5})?", Pattern.CASE_INSENSITIVE);

  private LocalCaller() {}

  /** Why it is refused; empty: it may pass. */
  static Optional<String> refused(HttpServerRequest request) {
    String host = host(request);
    if (host == null || !LOOPBACK.matcher(host).matches()) {
      return Optional.of(
          "the Host header \"%s\" does not name this machine. Maybe use 127.0.0.1?"
              .formatted(host));
    }
    return ofAnotherPage(request, host);
  }

  /**
   * Whether another page's script, form, image or frame asks. The page of a test that runs on
   * another port of this machine is another page.
   */
  static Optional<String> ofAnotherPage(HttpServerRequest request, @Nullable String host) {
    String origin = request.getHeader("Origin");
    if (origin != null && (host == null || !host.equals(authority(origin)))) {
      return Optional.of("pages of %s may not call this API".formatted(origin));
    }
    // Images, scripts and frames carry no Origin; current browsers say this of them instead.
    String site = request.getHeader("Sec-Fetch-Site");
    boolean visited =
        "navigate".equals(request.getHeader("Sec-Fetch-Mode"))
            && "document".equals(request.getHeader("Sec-Fetch-Dest"))
            && request.method().name().equals("GET");
    if (("cross-site".equals(site) || "same-site".equals(site)) && !visited) {
      return Optional.of("other pages may not load what is here");
    }
    return Optional.empty();
  }

  /** HTTP/2 has no Host header: there the request's own address is what the client asked for. */
  static @Nullable String host(HttpServerRequest request) {
    String named = request.getHeader("Host");
    return named != null || request.authority() == null ? named : request.authority().toString();
  }

  private static @Nullable String authority(String origin) {
    try {
      return URI.create(origin).getAuthority();
    } catch (IllegalArgumentException e) {
      return null; // "null" and other oddities are nobody's own origin
    }
  }
}
