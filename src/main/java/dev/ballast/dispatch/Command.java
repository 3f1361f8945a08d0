package dev.ballast.dispatch;

import dev.ballast.model.AttemptId;
import dev.ballast.model.JobSpec;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.WorkerId;
import java.util.Optional;

/** What {@link Dispatch} is asked to do. A {@code ticket} names the reply that is waited for. */
public sealed interface Command {
  /** Accept a job; {@code uid} is fresh. */
  record SubmitJob(long ticket, String uid, JobSpec job) implements Command {}

  /**
   * Accept a job under a uid of its owner's, or find it: the same command twice is one job. What is
   * {@code recalled} counts as ended; indexes that the job does not have are ignored.
   */
  record TakeJob(long ticket, String uid, JobSpec job, Recalled recalled) implements Command {}

  /** Find the unfinished job of that name, and let it go on if it was held after a restart. */
  record ResumeJob(long ticket, String namespace, String name) implements Command {}

  /** One exchange of the worker protocol. */
  record Sync(long ticket, SyncRequest request) implements Command {}

  /** End a job now; what it runs is stopped. */
  record CancelJob(long ticket, String uid, String message) implements Command {}

  record ChangeJob(long ticket, String uid, JobChange change) implements Command {}

  /** Bind nothing more there, take back what is bound, let finish what runs. */
  record DrainWorker(long ticket, WorkerId worker) implements Command {}

  /** Take a bound attempt back and decide anew where its task runs; one that runs is left alone. */
  record MoveTask(long ticket, AttemptId attempt) implements Command {}

  /** From now on the breakers of that pool and of its workers open by these. */
  record SetBreaker(long ticket, String pool, DispatchSettings.BreakerSettings breaker)
      implements Command {}

  /** The worker is known to be gone: its pod was deleted, its process has ended. */
  record WorkerGone(long ticket, WorkerId worker) implements Command {}

  /** Time has passed. */
  record Tick() implements Command {}

  /** What is absent stays as it is. */
  record JobChange(
      Optional<Boolean> suspend, Optional<Integer> parallelism, Optional<Integer> priority) {}
}
