package dev.ballast.server.door;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/**
 * One token that opens everything: for a service without a cluster that other machines may reach.
 * Only its SHA-256 is kept, and compared in constant time.
 */
public final class SharedToken implements Guard {
  /** A shorter one could be guessed. */
  public static final int MIN_LENGTH = 20;

  private final byte[] digest;

  /** Throws {@link IllegalArgumentException} for a token that could be guessed. */
  public SharedToken(String token) {
    if (token.length() < MIN_LENGTH) {
      throw new IllegalArgumentException(
          "the token has %d characters; it must have %d or more. Maybe: openssl rand -hex 32"
              .formatted(token.length(), MIN_LENGTH));
    }
    this.digest = digest(token);
  }

  @Override
  public Optional<Refusal> check(String method, String path, Optional<String> token) {
    if (token.isEmpty()) {
      return Optional.of(
          new Refusal(
              Refusal.UNAUTHORIZED,
              "no-token",
              "show the token of this service: Authorization: Bearer $(cat FILE)"));
    }
    return MessageDigest.isEqual(digest, digest(token.get()))
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                Refusal.UNAUTHORIZED, "bad-token", "that is not the token of this service"));
  }

  public static byte[] digest(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
