package dev.ballast.dispatch;

import java.time.Instant;

/** The time as dispatch sees it, which never goes back, and when it must look at it again. */
final class Alarm {
  private Instant now = Instant.MIN;
  private Instant due = Instant.MAX;

  Instant now() {
    return now;
  }

  void set(Instant time) {
    now = time;
  }

  /** When a look is due; {@link Instant#MAX}: never. */
  Instant due() {
    return due;
  }

  boolean rings() {
    return !now.isBefore(due);
  }

  /** Asks for a look then, if none is due before. */
  void atLatest(Instant deadline) {
    if (deadline.isBefore(due)) {
      due = deadline;
    }
  }

  /** Forgets when a look was due: whoever needs one asks again. */
  void clear() {
    due = Instant.MAX;
  }
}
