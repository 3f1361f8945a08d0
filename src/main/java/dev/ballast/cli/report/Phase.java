package dev.ballast.cli.report;

import dev.ballast.model.Phases;

/** The phases of an attempt in the order in which they happen, for charts. */
public enum Phase {
  QUEUE("queue"),
  PLACEMENT("placement"),
  BROWSER_START("browser start"),
  DOWNLOAD("download"),
  SESSION_CREATE("session create"),
  FIRST_RUN("first run"),
  WARMUP("warm-up"),
  WARM_RUNS("sampled runs"),
  TURN("waiting for the turn"),
  OVERHEAD("overhead");

  private final String label;

  Phase(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }

  /** Milliseconds of this phase. */
  public double millis(Phases phases) {
    return switch (this) {
      case QUEUE -> phases.queue();
      case PLACEMENT -> phases.placement();
      case BROWSER_START -> phases.browserStart();
      case DOWNLOAD -> phases.download();
      case SESSION_CREATE -> phases.sessionCreate();
      case FIRST_RUN -> phases.firstRun();
      case WARMUP -> phases.warmup();
      case WARM_RUNS -> phases.warmRuns();
      case TURN -> phases.turn();
      case OVERHEAD -> phases.overhead();
    };
  }
}
