package dev.ballast.store;

import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What an overview needs of one attempt.
 *
 * @param level of its verdict: {@code trusted}, {@code flagged} or {@code rejected}
 * @param millis median inference time
 */
public record Measured(
    int index,
    int attempt,
    Outcome outcome,
    String level,
    List<String> reasons,
    Optional<BrowserKind> browser,
    Optional<Backend> backend,
    OptionalDouble millis) {
  public Measured {
    reasons = List.copyOf(reasons);
  }
}
