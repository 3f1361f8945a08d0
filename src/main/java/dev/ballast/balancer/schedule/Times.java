package dev.ballast.balancer.schedule;

/** What is expected of tasks: learned, or known. */
public interface Times {
  /**
   * Expected time in a slot once the model is loaded, at the variant that would run, in seconds;
   * infinite where the group can never run.
   */
  double serviceSeconds(int group, int pool);

  /** Expected time to load the model when it is not resident, in seconds. */
  double loadSeconds(int group, int pool);

  /** What would be loaded and run there; -1 where the group can never run. */
  int variant(int group, int pool);

  /** Standard error of the service time on the log scale; 0 when it is known. */
  double relativeError(int group, int pool);

  /** How often the group's model was measured anywhere; 0 when its times are known. */
  default double observations(int group) {
    return 0;
  }

  /** Share of attempts that succeed, 0–1. */
  double successRatio(int group, int pool);

  /** Changes whenever an answer may: a key for whatever is computed from the answers. */
  long version();

  default boolean canRun(int group, int pool) {
    return variant(group, pool) >= 0;
  }
}
