package dev.ballast.balancer.schedule;

/** What a {@link Scheduler} may do, at once visible on its {@link Board}. */
public interface Moves {
  /**
   * Runs a waiting or bound task in a free slot now, as the variant the {@link Times} prefer there.
   *
   * @throws IllegalArgumentException if no slot is free, the memory does not do, or the task can
   *     never run there
   */
  void start(int task, int browser);

  /**
   * Puts a waiting task into the browser's own queue. It starts when a slot comes free, oldest
   * binding first, and can be taken back until then.
   */
  void bind(int task, int browser);
}
