package dev.ballast.server.door;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The path of the worker protocol.
 *
 * @param id of the worker that the request speaks for
 */
public record WorkerPath(String id) {
  private static final Pattern SYNC = Pattern.compile("/api/v1/workers/([^/]+)/sync");

  /** Empty for any other path. */
  public static Optional<WorkerPath> of(String path) {
    Matcher sync = SYNC.matcher(path);
    return sync.matches() ? Optional.of(new WorkerPath(decoded(sync.group(1)))) : Optional.empty();
  }

  /** A plus is a plus here, as it is in every path. */
  public static String decoded(String segment) {
    return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
