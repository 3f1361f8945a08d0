package dev.ballast.cli.run;

import dev.ballast.cli.command.CommandException;
import dev.ballast.cli.command.Interrupt;
import dev.ballast.dispatch.DispatchException;
import dev.ballast.dispatch.DispatchLoop;
import dev.ballast.dispatch.Event;
import dev.ballast.dispatch.JobView;
import dev.ballast.dispatch.WorkerView;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.JobSpec;
import dev.ballast.worker.Agent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Jobs submitted to the controller of this process, until nothing of them can go on. */
final class JobRun {
  private static final long LOOK_MILLIS = 200;

  /** So long one waits for room on the disk. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final DispatchLoop dispatch;
  private final List<Agent> agents;
  private final Duration patience;
  private final Map<String, String> names = new LinkedHashMap<>();
  private final Map<String, List<Unplaced>> unplaced = new LinkedHashMap<>();
  private final Semaphore news = new Semaphore(0);

  JobRun(DispatchLoop dispatch, List<Agent> agents, Duration patience) {
    this.dispatch = dispatch;
    this.agents = agents;
    this.patience = patience;
  }

  /** Submits a job, or finds the unfinished one of its name again. */
  void submit(JobSpec job, boolean resume) {
    try {
      String uid = resume ? resumeOrSubmit(job) : dispatch.submit(job).join();
      names.put(uid, job.name());
    } catch (CompletionException e) {
      if (e.getCause() instanceof DispatchException refused) {
        if (refused.code() == DispatchException.Code.JOB_UNFINISHED) {
          throw unfinished(job.name());
        }
        throw CommandException.environment(String.valueOf(refused.getMessage()));
      }
      throw e;
    }
  }

  static CommandException unfinished(String job) {
    return CommandException.usage(
        "job \"%s\" was interrupted and is not finished. Go on with --resume, or rename it"
            .formatted(job));
  }

  private String resumeOrSubmit(JobSpec job) {
    try {
      return dispatch.resume(job.namespace(), job.name()).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof DispatchException refused
          && refused.code() == DispatchException.Code.NO_SUCH_JOB) {
        return dispatch.submit(job).join();
      }
      throw e;
    }
  }

  /**
   * Waits for the end; {@code progress} is told what is new. Returns early when interrupted. While
   * nothing can be made durable, as on a full disk, it waits for that too, but not for ever.
   */
  void await(ProgressListener progress, Interrupt interrupt) throws InterruptedException {
    Optional<Instant> notReadySince = Optional.empty();
    try (DispatchLoop.Subscription subscription =
        dispatch.listen(event -> heard(event, progress))) {
      interrupt.onAsked(news::release);
      while (!interrupt.happened()) {
        try {
          if (ended(progress)) {
            return;
          }
          notReadySince = Optional.empty();
        } catch (DispatchException e) {
          if (e.code() != DispatchException.Code.NOT_READY) {
            throw e;
          }
          if (notReadySince.isEmpty()) {
            notReadySince = Optional.of(Instant.now());
            progress.waits(String.valueOf(e.getMessage()));
          } else if (notReadySince.get().plus(patience).isBefore(Instant.now())) {
            throw CommandException.environment(
                "%s. Make room there, then go on with --resume".formatted(e.getMessage()));
          }
        }
        news.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        news.drainPermits();
      }
    }
  }

  /** Whether nothing can go on any more. */
  private boolean ended(ProgressListener progress) {
    List<JobView> jobs = jobs();
    progress.look(jobs, dispatch.workers());
    boolean everybodyHere = everybodyHere();
    if (jobs.stream()
        .allMatch(job -> job.state().ended() || (everybodyHere && giveUpUnplaceable(job)))) {
      return true;
    }
    if (everybodyHere
        && agents.stream().noneMatch(agent -> !agent.ended().isDone())
        && !agents.isEmpty()) {
      throw CommandException.environment("no browser is left that works; the log above says why");
    }
    return false;
  }

  private void heard(Event event, ProgressListener progress) {
    if (event instanceof Event.AttemptEnded(AttemptResult result, var retryAt, var _, var _)
        && names.containsKey(result.uid())) {
      progress.ended(result, retryAt.isPresent());
    }
    news.release();
  }

  /** Every worker has joined, or never will: only then does a missing browser mean anything. */
  private boolean everybodyHere() {
    long living =
        agents.stream().filter(agent -> !agent.ready().isCompletedExceptionally()).count();
    long joined =
        dispatch.workers().stream()
            .filter(worker -> worker.state() != WorkerView.State.LOST)
            .count();
    return agents.stream().allMatch(agent -> agent.ready().isDone()) && joined >= living;
  }

  /** Whether nothing but unplaceable tasks is left; these are noted, and the job is ended. */
  private boolean giveUpUnplaceable(JobView job) {
    if (!job.counts().onlyUnplaceableRemain()) {
      return false;
    }
    List<Unplaced> left = new ArrayList<>();
    for (JobView.TaskView task : job.tasks()) {
      task.waitReason()
          .ifPresent(reason ->
              left.add(new Unplaced(job.spec(), task.index(), reason.code(), reason.message())));
    }
    unplaced.put(job.uid(), left);
    try {
      dispatch.cancel(job.uid(), "no browser here can run the rest").join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof DispatchException refused ? refused : e;
    }
    return true;
  }

  /** By uid, in the order they were submitted. */
  Map<String, String> names() {
    return names;
  }

  List<JobView> jobs() {
    return names.keySet().stream().map(uid -> dispatch.job(uid).orElseThrow()).toList();
  }

  List<Unplaced> unplaced() {
    return unplaced.values().stream().flatMap(List::stream).toList();
  }
}
