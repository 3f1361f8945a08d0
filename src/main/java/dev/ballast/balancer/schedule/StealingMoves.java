package dev.ballast.balancer.schedule;

/**
 * What a {@link Scheduler} may do where a bound task is known not to have started: in the
 * simulator. A real worker may have started it unheard of, so there it has to be asked first
 * ({@link StealRule}).
 */
public interface StealingMoves extends Moves {
  /** Moves a bound task to the end of another browser's queue: a migration. */
  void steal(int task, int browser);
}
