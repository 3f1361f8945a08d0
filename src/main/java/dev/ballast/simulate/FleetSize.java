package dev.ballast.simulate;

/** Says how many browsers of each class there should be; the simulation starts and ends them. */
public interface FleetSize {
  /** How often it is asked, in seconds. */
  double intervalSeconds();

  /** From the wish for a browser until it takes tasks, in seconds. */
  double leadSeconds();

  /** Browsers of the class at the beginning, at least 1. */
  int initial(int browserClass);

  /** What is wanted of the class from now on. */
  int wanted(int browserClass, Sight sight);

  /** One task ended in that class after so long in its slot. */
  default void served(int browserClass, double seconds) {}

  /**
   * A class as whoever scales sees it. What waits or arrives may run in several classes: it counts
   * for each in part, as tasks were spread over them lately.
   *
   * @param arrived tasks since it was asked last
   * @param waiting tasks that no slot has yet
   * @param busySlots that run a task
   * @param ready browsers that take tasks
   * @param slots of one browser
   */
  record Sight(
      double nowSeconds, double arrived, double waiting, int busySlots, int ready, int slots) {}
}
