package dev.ballast.server;

import java.util.Optional;

/** Says who may ask what, where the service can be reached from other machines. */
@FunctionalInterface
public interface Guard {
  /** Why a request is refused: an HTTP status, a stable word and a sentence. */
  record Refusal(int status, String type, String message) {}

  /**
   * May take as long as a request to another service.
   *
   * @param path below the root, for example {@code /api/v1/workers}
   * @param token bearer token, where there is one
   * @return empty: it may pass
   */
  Optional<Refusal> check(String method, String path, Optional<String> token);
}
