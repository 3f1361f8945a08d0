package dev.ballast.cli;

import dev.ballast.dispatch.DispatchException;
import dev.ballast.dispatch.DispatchLoop;
import dev.ballast.dispatch.Event;
import dev.ballast.dispatch.JobView;
import dev.ballast.dispatch.WorkerView;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.JobSpec;
import dev.ballast.worker.Agent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Jobs submitted to the controller of this process, until nothing of them can go on. */
final class JobRun {
  private static final long LOOK_MILLIS = 200;

  private final DispatchLoop dispatch;
  private final List<Agent> agents;
  private final Map<String, String> names = new LinkedHashMap<>();
  private final Map<String, List<Unplaced>> unplaced = new LinkedHashMap<>();
  private final Semaphore news = new Semaphore(0);

  JobRun(DispatchLoop dispatch, List<Agent> agents) {
    this.dispatch = dispatch;
    this.agents = agents;
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

  /** Waits for the end; {@code progress} is told what is new. Returns early when interrupted. */
  void await(ProgressListener progress, Interrupt interrupt) throws InterruptedException {
    try (DispatchLoop.Subscription subscription =
        dispatch.listen(event -> heard(event, progress))) {
      interrupt.onAsked(news::release);
      while (!interrupt.happened()) {
        List<JobView> jobs =
            names.keySet().stream().map(uid -> dispatch.job(uid).orElseThrow()).toList();
        progress.look(jobs, dispatch.workers());
        boolean everybodyHere = everybodyHere();
        if (jobs.stream()
            .allMatch(job -> job.state().ended() || (everybodyHere && giveUpUnplaceable(job)))) {
          return;
        }
        if (everybodyHere
            && agents.stream().noneMatch(agent -> !agent.ended().isDone())
            && !agents.isEmpty()) {
          throw CommandException.environment(
              "no browser is left that works; the log above says why");
        }
        news.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        news.drainPermits();
      }
    }
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
    dispatch.cancel(job.uid(), "no browser here can run the rest").join();
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
