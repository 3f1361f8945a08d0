package dev.ballast.model;

import java.util.List;

/**
 * An attempt handed to a worker: everything it needs to run it. {@code backend} is the one to run
 * on; {@code allowedFallbacks} do not reject.
 */
public record Assignment(
    AttemptId attempt,
    String namespace,
    String job,
    TestModel model,
    Backend backend,
    boolean backendChosen,
    RunOptions run,
    List<Backend> allowedFallbacks) {
  public Assignment {
    allowedFallbacks = List.copyOf(allowedFallbacks);
  }
}
