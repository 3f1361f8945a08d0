package dev.ballast.balancer;

/** Picks the browser, and where the task leaves it open the backend, that runs a task. */
public interface PlacementPolicy {
  /** Deterministic in its arguments and in what the policy has learned until now. */
  Decision place(TaskView task, Fleet fleet);
}
