package dev.ballast.cli;

import dev.ballast.server.door.Guard;
import java.util.Optional;

/** Lets one token do everything, and refuses another one with all that a guard may say. */
final class TestingGuard implements Guard {
  static final String GOOD = "the-token-that-is-good";
  static final String OTHER = "the-token-of-another";

  @Override
  public Optional<Refusal> check(String method, String path, Optional<String> token) {
    return switch (token.orElse("")) {
      case GOOD -> Optional.empty();
      case "" -> Optional.of(new Refusal(401, "no-token", "show a token"));
      case OTHER -> Optional.of(new Refusal(403, "forbidden", "another\nmay not " + path));
      default -> Optional.of(new Refusal(401, "bad-token", "nobody knows that token"));
    };
  }
}
