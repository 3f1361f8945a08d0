package dev.ballast.server.door.cluster;

import dev.ballast.server.door.WorkerPath;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What somebody must be allowed to do with kubectl to be answered at a path here.
 *
 * @param verb {@code get}, {@code list}, {@code create}, {@code patch}, {@code update} or {@code
 *     delete}
 * @param resource {@code testjobs} or {@code browserpools}
 * @param namespace empty: in all of them
 */
record AccessRule(String verb, String resource, String namespace) {
  private static final Pattern NAMESPACED =
      Pattern.compile("/api/v1/namespaces/([^/]+)/([^/]+)(/[^/]+)?.*");
  private static final Set<String> OF_POOLS = Set.of("pools", "workers", "forecasts");
  private static final Pattern DRAIN = Pattern.compile("/api/v1/workers/([^/]+)/drain");
  private static final Pattern OF_JOBS =
      Pattern.compile("/api/v1/(jobs|results|events|backup)(/.*)?");

  /** Empty: everybody whom the cluster knows may. */
  static Optional<AccessRule> of(String method, String path) {
    if (!path.startsWith("/api/v1/") || path.equals("/api/v1/session")) {
      return Optional.empty(); // the console's files and the description of the API tell nothing
    }
    Matcher namespaced = NAMESPACED.matcher(path);
    if (namespaced.matches()) {
      return Optional.of(
          new AccessRule(
              verb(method, namespaced.group(3) != null),
              OF_POOLS.contains(namespaced.group(2)) ? "browserpools" : "testjobs",
              WorkerPath.decoded(namespaced.group(1))));
    }
    Matcher drain = DRAIN.matcher(path);
    if (drain.matches()) {
      // A worker of the cluster is called pod.namespace, and no namespace has a dot.
      String worker = WorkerPath.decoded(drain.group(1));
      return Optional.of(
          new AccessRule("update", "browserpools", worker.substring(worker.lastIndexOf('.') + 1)));
    }
    boolean score = path.equals("/api/v1/score"); // it is posted, and changes nothing
    return Optional.of(
        new AccessRule(
            score ? "list" : verb(method, false),
            OF_JOBS.matcher(path).matches() ? "testjobs" : "browserpools",
            ""));
  }

  private static String verb(String method, boolean one) {
    return switch (method.toUpperCase(Locale.ROOT)) {
      case "GET", "HEAD", "OPTIONS" -> one ? "get" : "list";
      case "POST" -> "create";
      case "PATCH" -> "patch";
      case "DELETE" -> "delete";
      default -> "update";
    };
  }

  @Override
  public String toString() {
    return "%s %s.ballast.dev %s"
        .formatted(
            verb,
            resource,
            namespace.isEmpty() ? "in all namespaces" : "in namespace " + namespace);
  }
}
