package dev.ballast.worker;

import dev.ballast.model.Outcome;

/** An attempt that did not succeed: how it ended, a stable code, and what a person should read. */
final class AttemptFailure extends Exception {
  private static final long serialVersionUID = 1L;

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
    Outcome outcome =
        switch (code) {
          case "out-of-memory" -> Outcome.OUT_OF_MEMORY;
          case "device-lost" -> Outcome.DEVICE_LOST;
          default -> Outcome.FAILED;
        };
    return new AttemptFailure(outcome, code.isEmpty() ? "page-error" : code, message);
  }
}
