package dev.ballast.cli.load;

import dev.ballast.balancer.Priors;
import dev.ballast.balancer.Profiles;
import dev.ballast.dispatch.Command;
import dev.ballast.dispatch.Dispatch;
import dev.ballast.dispatch.DispatchSettings;
import dev.ballast.dispatch.Reply;
import dev.ballast.model.Backend;
import dev.ballast.model.JobSpec;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.ModelSource;
import dev.ballast.model.Requirements;
import dev.ballast.model.RunOptions;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.SyncResponse;
import dev.ballast.model.TestModel;
import dev.ballast.worker.Controller;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * Dispatch alone, without HTTP and without a journal, under simulated workers and a clock of its
 * own: what its state weighs, and what a task costs it.
 */
final class QueueLoad implements Controller {
  private static final Duration EXCHANGE = Duration.ofNanos(10_000);
  private static final int REFILL = 500;

  private final Dispatch dispatch =
      new Dispatch(
          new Profiles(Priors.DEFAULTS), DispatchSettings.DEFAULTS, new SplittableRandom(1));
  private final LoadWorker.Counts counts = new LoadWorker.Counts();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private long tickets;
  private int jobs;

  private QueueLoad() {
    dispatch.reign(1, now, _ -> false);
  }

  /** Heap in use with so many queued tasks while every browser holds one more, in bytes. */
  static long heapBytes(int queued, int browsers) throws InterruptedException {
    QueueLoad load = new QueueLoad();
    load.submit(queued + browsers);
    List<LoadWorker> workers = load.workers(browsers, 1);
    for (LoadWorker worker : workers) {
      worker.exchange();
    }
    long assigned = load.counts.assigned().sum();
    if (assigned != browsers) {
      throw new IllegalStateException(
          "%d of %d browsers have a task".formatted(assigned, browsers));
    }
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    long used = runtime.totalMemory() - runtime.freeMemory();
    if (load.dispatch.workers().size() != workers.size()) {
      throw new IllegalStateException("a worker was lost while the others joined");
    }
    return used;
  }

  /**
   * Time of this thread's processor for one task, from its assignment to its result, while the
   * queue stays about that long; of {@code tasks} tasks after as many to warm up, in microseconds.
   */
  static double taskMicros(int queued, int tasks) throws InterruptedException {
    QueueLoad load = new QueueLoad();
    load.submit(queued);
    List<LoadWorker> workers = load.workers(16, 4);
    load.run(workers, tasks);
    long before = load.counts.acknowledged().sum();
    long begun = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    load.run(workers, tasks);
    long taken = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begun;
    return taken / 1e3 / (load.counts.acknowledged().sum() - before);
  }

  private void run(List<LoadWorker> workers, int tasks) throws InterruptedException {
    long end = counts.acknowledged().sum() + tasks;
    long refilled = counts.acknowledged().sum();
    while (counts.acknowledged().sum() < end) {
      for (LoadWorker worker : workers) {
        worker.exchange();
      }
      while (counts.acknowledged().sum() - refilled >= REFILL) {
        submit(REFILL);
        refilled += REFILL;
      }
    }
  }

  private List<LoadWorker> workers(int count, int slots) {
    List<LoadWorker> workers = new ArrayList<>(count);
    for (int number = 1; number <= count; number++) {
      workers.add(new LoadWorker("load-" + number, slots, this, counts));
    }
    return workers;
  }

  private void submit(int tasks) {
    for (int left = tasks; left > 0; left -= JobSpec.MAX_TASKS) {
      submitJob(Math.min(left, JobSpec.MAX_TASKS));
    }
  }

  private void submitJob(int tasks) {
    String name = "job-" + ++jobs;
    now = now.plus(EXCHANGE);
    dispatch.handle(new Command.SubmitJob(++tickets, name, job(name, tasks)), now);
  }

  /** Answers at once: when there is nothing to say, the time of the long poll passes. */
  @Override
  public CompletableFuture<SyncResponse> sync(SyncRequest request) {
    long ticket = ++tickets;
    now = now.plus(EXCHANGE);
    Dispatch.Step step = dispatch.handle(new Command.Sync(ticket, request), now);
    Optional<SyncResponse> answer = answer(step, ticket);
    if (answer.isEmpty()) {
      now = now.plusMillis(request.waitMillis());
      answer = answer(dispatch.handle(new Command.Tick(), now), ticket);
    }
    return CompletableFuture.completedFuture(answer.orElseThrow());
  }

  private static Optional<SyncResponse> answer(Dispatch.Step step, long ticket) {
    for (Reply reply : step.replies()) {
      if (reply instanceof Reply.Synced(long of, SyncResponse response) && of == ticket) {
        return Optional.of(response);
      }
    }
    return Optional.empty();
  }

  private static JobSpec job(String name, int tasks) {
    return new JobSpec(
        "load",
        name,
        Map.of(),
        0,
        1,
        OptionalInt.empty(),
        false,
        List.of(
            new TestModel(
                "silero-vad", ModelFamily.AUDIO, new ModelSource.Builtin("silero-vad"), List.of())),
        List.of(Backend.WASM),
        List.of(),
        tasks,
        RunOptions.DEFAULTS,
        Requirements.NONE,
        0,
        OptionalInt.empty(),
        Optional.empty(),
        List.of());
  }
}
