package dev.ballast.balancer.schedule;

/**
 * Decides what runs where and when. Deterministic in what it is told; single-threaded. The driver
 * first brings the {@link Board} up to date, then tells of all that happened at one instant, then
 * calls {@link #decide()} once.
 */
public interface Scheduler {
  /** Makes a scheduler for one board. */
  interface Factory {
    /**
     * Called once, before anything happens.
     *
     * @param seed for rules that draw lots; the same seed, the same lots
     */
    Scheduler create(Board board, Times times, StealingMoves moves, long seed);
  }

  /** A task came to wait: it is new, or it is to be tried again. */
  default void arrived(int task) {}

  /**
   * A task left its slot. A failure says nothing about speed.
   *
   * @param seconds in the slot, the load of the model included
   */
  default void ended(int task, int browser, boolean succeeded, double seconds) {}

  /** A bound task started, because a slot of its browser came free. */
  default void started(int task, int browser) {}

  /** The browser is gone; what it ran and what was bound to it has been told as arrived. */
  default void lost(int browser) {}

  /** A browser is there: it came back with nothing loaded, or is new (as may be its pool). */
  default void joined(int browser) {}

  /** Starts and binds through {@link Moves} what should be now. An idle slot is allowed. */
  void decide();

  /** When it wants to be asked even if nothing happens, in seconds; infinite: never. */
  default double wakeAtSeconds() {
    return Double.POSITIVE_INFINITY;
  }
}
