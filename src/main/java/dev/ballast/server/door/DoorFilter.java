package dev.ballast.server.door;

import dev.ballast.server.form.Answers;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Every request comes by here first: locally it must come from this machine and not from another
 * page, elsewhere it must show a token that the guard lets pass. Health is told to everyone, and
 * behind a guard the metrics and the page where a token is entered.
 */
@ApplicationScoped
public class DoorFilter {
  private static final Logger LOG = Logger.getLogger(DoorFilter.class);

  /** Says no more than whether the service is up. */
  private static final String HEALTH = "/q/health";

  private static final String SIGN_IN = "/console/sign-in.html";
  private static final Set<String> OPEN =
      Set.of(
          "/q/metrics",
          SIGN_IN,
          "/console/sign-in.js",
          "/console/console.css",
          "/console/icon.svg");

  /** What could be read in two ways, by the guard and by what answers. */
  private static final Pattern AMBIGUOUS =
      Pattern.compile("//|/\\.{1,2}(/|$)|[;\\\\]|%2f|%5c|%2e|%3b|%00", Pattern.CASE_INSENSITIVE);

  /** Where a worker's name may hold the slash of its pool; it is decoded once, here and there. */
  private static final Pattern WORKER = Pattern.compile("/api/v1/workers/[^/]+/(sync|drain)");

  private static final Pattern SLASH = Pattern.compile("%2f", Pattern.CASE_INSENSITIVE);
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final String BEARER = "Bearer ";
  private static final String TOKEN = DoorFilter.class.getName() + ".token";

  /** Before everything that answers. */
  private static final int FIRST = 400;

  private final Door door;
  private final Answers answers;
  private final RefusedRequests refused;

  @Inject
  DoorFilter(Door door, Answers answers, RefusedRequests refused) {
    this.door = door;
    this.answers = answers;
    this.refused = refused;
  }

  void register(@Observes Filters filters) {
    filters.register(this::check, FIRST);
  }

  private void check(RoutingContext context) {
    HttpServerRequest request = context.request();
    Optional<Guard> guard = door.guard();
    String path = request.path() == null ? "/" : request.path();
    if (path.startsWith(HEALTH) && !isAmbiguous(path)) {
      context.next(); // a kubelet asks a pod by its address, and before the guard is posted
    } else if (guard.isPresent()) {
      byToken(context, path, guard.get());
    } else {
      LocalCaller.refused(request)
          .ifPresentOrElse(
              why -> refuse(context, new Guard.Refusal(403, "foreign-origin", why)), context::next);
    }
  }

  private void byToken(RoutingContext context, String path, Guard guard) {
    HttpServerRequest request = context.request();
    if (isAmbiguous(path)) {
      refuse(context, new Guard.Refusal(400, "bad-request", "the path can be read in two ways"));
      return;
    }
    if (OPEN.contains(path)) {
      context.next();
      return;
    }
    Optional<String> shown = bearer(request);
    if (shown.isEmpty()) {
      shown = Optional.ofNullable(request.getCookie(SessionResource.COOKIE)).map(Cookie::getValue);
      // A browser sends a cookie along whoever asks it to.
      Optional<String> foreign = LocalCaller.ofAnotherPage(request, LocalCaller.host(request));
      if (shown.isPresent() && foreign.isPresent()) {
        refuse(context, new Guard.Refusal(403, "foreign-origin", foreign.get()));
        return;
      }
    }
    Optional<String> token = shown;
    token.ifPresent(known -> context.put(TOKEN, known));
    context
        .vertx()
        .executeBlocking(() -> guard.check(request.method().name(), path, token), false)
        .onComplete(
            ruling -> ruling.ifPresentOrElse(refusal -> refuse(context, refusal), context::next),
            context::fail);
  }

  private static boolean isAmbiguous(String path) {
    String judged = WORKER.matcher(path).matches() ? SLASH.matcher(path).replaceAll("") : path;
    return AMBIGUOUS.matcher(judged).find();
  }

  /** What the guard let this request pass for; empty where none stands. */
  public static Optional<String> tokenOf(RoutingContext context) {
    return Optional.ofNullable(context.get(TOKEN));
  }

  private static Optional<String> bearer(HttpServerRequest request) {
    return Optional.ofNullable(request.getHeader("Authorization"))
        .filter(header -> header.regionMatches(true, 0, BEARER, 0, BEARER.length()))
        .map(header -> header.substring(BEARER.length()).strip());
  }

  private void refuse(RoutingContext context, Guard.Refusal refusal) {
    HttpServerRequest request = context.request();
    refused.count(refusal);
    // The token is nowhere in this line, and names that a caller chose cannot begin another one.
    LOG.infof(
        "refused %d %s: %s %s from %s: %s",
        refusal.status(),
        refusal.type(),
        request.method(),
        request.path(),
        request.remoteAddress() == null ? "?" : request.remoteAddress().hostAddress(),
        printable(refusal.message()));
    if (refusal.status() == Guard.Refusal.UNAUTHORIZED) {
      context.response().putHeader("WWW-Authenticate", "Bearer realm=\"ballast\"");
      if (String.valueOf(request.getHeader("Accept")).contains("text/html")) {
        context
            .response()
            .setStatusCode(refusal.status())
            .putHeader("Content-Type", "text/html; charset=utf-8")
            .end(signInPage())
            .onFailure(context::fail);
        return;
      }
    }
    answers.refuse(context, refusal.status(), refusal.type(), refusal.message());
  }

  /** What a caller chose cannot begin another line. */
  static String printable(String text) {
    return CONTROL.matcher(text).replaceAll("?");
  }

  private static String signInPage() {
    try (InputStream page =
        Thread.currentThread()
            .getContextClassLoader()
            .getResourceAsStream("META-INF/resources" + SIGN_IN)) {
      if (page == null) {
        throw new IllegalStateException(SIGN_IN + " is not in the application");
      }
      return new String(page.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
