package dev.ballast.server.door;

import java.util.Optional;

/** Says who may ask what, where the service can be reached from other machines. */
@FunctionalInterface
public interface Guard {
  /** Why a request is refused: an HTTP status, a stable word and a sentence. */
  record Refusal(int status, String type, String message) {
    public static final int UNAUTHORIZED = 401;
    public static final int FORBIDDEN = 403;
    public static final int UNAVAILABLE = 503;
  }

  /**
   * May take as long as a request to another service.
   *
   * @param path below the root as it was sent, for example {@code /api/v1/workers}: still
   *     percent-encoded, without {@code //}, dot segments, or an encoded slash
   * @param token bearer token, where there is one
   * @return empty: it may pass
   */
  Optional<Refusal> check(String method, String path, Optional<String> token);

  /** This one, after {@code tokens} had a look: what they do not know is not theirs to judge. */
  default Guard joinedBy(JoinTokens tokens) {
    return (method, path, token) ->
        token.isPresent() && JoinTokens.isOne(token.get())
            ? tokens.check(method, path, token)
            : check(method, path, token);
  }
}
