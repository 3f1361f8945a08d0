package dev.ballast.server.jobs;

import dev.ballast.balancer.WaitReason;
import dev.ballast.dispatch.JobView;
import dev.ballast.dispatch.TaskState;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.Cell;
import dev.ballast.model.Outcome;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A job as the API tells it. */
public record JobDocument(
    String namespace,
    String name,
    String uid,
    String state,
    boolean suspend,
    @Nullable Integer parallelism,
    int priority,
    int tasks,
    JobView.Counts counts,
    Instant acceptedAt,
    @Nullable Instant endedAt,
    @Nullable String reason,
    @Nullable String message) {

  public static JobDocument of(JobView job) {
    return new JobDocument(
        job.spec().namespace(),
        job.spec().name(),
        job.uid(),
        job.state().label(),
        job.spec().suspend(),
        job.spec().parallelism().isPresent() ? job.spec().parallelism().getAsInt() : null,
        job.spec().priority(),
        job.spec().taskCount(),
        job.counts(),
        job.acceptedAt(),
        job.endedAt().orElse(null),
        job.reason().orElse(null),
        job.message().orElse(null));
  }

  /**
   * A task as the API tells it.
   *
   * @param state {@code waiting}, {@code bound}, {@code running}, {@code done} or {@code dropped}
   * @param worker where it is bound or runs
   */
  public record Task(
      int index,
      String model,
      @Nullable Backend backend,
      @Nullable BrowserKind browser,
      int repetition,
      String state,
      int attempts,
      @Nullable Reason reason,
      @Nullable String worker,
      @Nullable Outcome outcome) {

    public static final List<String> STATES =
        List.of("waiting", "bound", "running", "done", "dropped");

    static Task of(JobView job, JobView.TaskView task) {
      Cell cell = job.spec().cell(task.index());
      return new Task(
          task.index(),
          cell.model().name(),
          cell.backend().orElse(null),
          cell.browser().orElse(null),
          cell.repetition(),
          stateOf(task.state()),
          task.attempts(),
          task.waitReason().map(Reason::of).orElse(null),
          workerOf(task.state()),
          task.state() instanceof TaskState.Done(var _, Outcome outcome) ? outcome : null);
    }

    static String stateOf(TaskState state) {
      return switch (state) {
        case TaskState.Waiting _ -> "waiting";
        case TaskState.Bound _ -> "bound";
        case TaskState.Running _ -> "running";
        case TaskState.Done _ -> "done";
        case TaskState.Dropped _ -> "dropped";
      };
    }

    private static @Nullable String workerOf(TaskState state) {
      return switch (state) {
        case TaskState.Bound bound -> bound.worker().name();
        case TaskState.Running running -> running.worker().name();
        case TaskState.Waiting _, TaskState.Done _, TaskState.Dropped _ -> null;
      };
    }
  }

  /**
   * Why a task waits: a stable code and a sentence with the numbers. {@code unplaceable}: only
   * another browser ends it.
   */
  public record Reason(String code, String message, boolean unplaceable) {
    static Reason of(WaitReason reason) {
      return new Reason(reason.code(), reason.message(), reason.unplaceable());
    }
  }

  /**
   * A page of tasks; {@code next} is the {@code continue} of the page after it, absent on the last.
   */
  public record TaskPage(List<Task> items, @Nullable String next) {
    /**
     * Tasks from an index on, at most {@code limit} of them.
     *
     * @param state null: of any state
     */
    public static TaskPage of(JobView job, @Nullable String state, int from, int limit) {
      List<Task> matching =
          job.tasks().stream()
              .filter(task -> task.index() >= from)
              .filter(task -> state == null || Task.stateOf(task.state()).equals(state))
              .limit(limit + 1L)
              .map(task -> Task.of(job, task))
              .toList();
      return matching.size() <= limit
          ? new TaskPage(matching, null)
          : new TaskPage(matching.subList(0, limit), String.valueOf(matching.get(limit).index()));
    }
  }
}
