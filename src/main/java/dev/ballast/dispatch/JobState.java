package dev.ballast.dispatch;

import java.util.Locale;

/** Where a job is in its life. */
public enum JobState {
  /** Durable, nothing of it was placed yet. */
  ACCEPTED,
  RUNNING,
  /** Nothing more of it is placed; what runs finishes. */
  SUSPENDED,
  /** Every task succeeded, whatever the verdicts. */
  COMPLETE,
  /** All tasks ended and one failed, or a limit was hit. */
  FAILED,
  CANCELLED;

  /** The name used in the API. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  public boolean ended() {
    return this == COMPLETE || this == FAILED || this == CANCELLED;
  }
}
