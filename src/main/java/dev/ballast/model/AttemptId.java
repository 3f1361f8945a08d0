package dev.ballast.model;

/**
 * One try of a task on one browser.
 *
 * @param number counts from 1 within the task
 * @param epoch the controller's reign that started it; results of an older reign are refused
 */
public record AttemptId(TaskId task, int number, long epoch) {
  @Override
  public String toString() {
    return task + "#" + number + "@" + epoch;
  }
}
