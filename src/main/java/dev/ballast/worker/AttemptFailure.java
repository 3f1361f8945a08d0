package dev.ballast.worker;

import dev.ballast.model.Outcome;
import java.util.regex.Pattern;

/** An attempt that did not succeed: how it ended, a stable code, and what a person should read. */
final class AttemptFailure extends Exception {
  private static final long serialVersionUID = 1L;

  /** What the engines of browsers throw when they get no memory; as in the runner page. */
  private static final Pattern ALLOCATION =
      Pattern.compile(
          "out of memory|allocation failed|could not allocate memory|allocation size overflow|failed to allocate",
          Pattern.CASE_INSENSITIVE);

  private final Outcome outcome;
  private final String code;

  AttemptFailure(Outcome outcome, String code, String message) {
    super(message);
    this.outcome = outcome;
    this.code = code;
  }

  Outcome outcome() {
    return outcome;
  }

  String code() {
    return code;
  }

  /** What the page said went wrong, as an outcome. */
  static AttemptFailure ofPage(String code, String message) {
    return switch (code) {
      case "out-of-memory" -> new AttemptFailure(Outcome.OUT_OF_MEMORY, code, message);
      case "device-lost" -> new AttemptFailure(Outcome.DEVICE_LOST, code, message);
      // A page that only passes on what was thrown in it.
      case "", "page-error" ->
          ALLOCATION.matcher(message).find()
              ? new AttemptFailure(Outcome.OUT_OF_MEMORY, "out-of-memory", message)
              : new AttemptFailure(Outcome.FAILED, "page-error", message);
      default -> new AttemptFailure(Outcome.FAILED, code, message);
    };
  }
}
