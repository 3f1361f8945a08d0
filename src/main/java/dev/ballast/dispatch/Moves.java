package dev.ballast.dispatch;

/**
 * How moves of bound attempts ended, since the state was last read from the journal.
 *
 * @param completed the worker gave the attempt back, and its task could be bound elsewhere
 * @param started it had started first, and was left alone
 * @param timedOut the worker neither gave it back nor started it in time, and was let keep it
 */
public record Moves(long completed, long started, long timedOut) {
  static final Moves NONE = new Moves(0, 0, 0);

  Moves oneCompleted() {
    return new Moves(completed + 1, started, timedOut);
  }

  Moves oneStarted() {
    return new Moves(completed, started + 1, timedOut);
  }

  Moves oneTimedOut() {
    return new Moves(completed, started, timedOut + 1);
  }
}
