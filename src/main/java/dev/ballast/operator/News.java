package dev.ballast.operator;

import dev.ballast.balancer.Outlook;
import dev.ballast.balancer.PoolOutlook;
import dev.ballast.dispatch.DispatchException;
import dev.ballast.dispatch.DispatchLoop;
import dev.ballast.dispatch.Event;
import dev.ballast.dispatch.JobView;
import dev.ballast.dispatch.WorkerView;
import dev.ballast.operator.job.JobReconciler;
import dev.ballast.operator.pool.PoolReconciler;
import dev.ballast.operator.pool.Queues;
import dev.ballast.operator.pool.Workers;
import dev.ballast.operator.resource.Labels;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells the reconcilers what changed in dispatch. The end of a job is told at once; everything else
 * is looked at once in an interval, told only when it differs from what was told before, and of
 * jobs that change all the time only so many at a time, in turns.
 */
final class News implements AutoCloseable {
  private static final Logger LOG = System.getLogger(News.class.getName());

  /** Statuses of running jobs per interval: what an API server takes beside its other work. */
  private static final int JOBS_AT_A_TIME = 50;

  /** Pools per interval of which only the queue has changed: one job may be in that of each. */
  private static final int POOLS_AT_A_TIME = 50;

  private final DispatchLoop dispatch;
  private final Workers workers;
  private final Queues queues;
  private final Outlook outlook;
  private final JobReconciler jobs;
  private final PoolReconciler pools;
  private final Map<String, JobView.Counts> toldOfJobs = new HashMap<>();
  private final Map<String, List<String>> toldOfPools = new HashMap<>();
  private final Map<String, Name> names = new ConcurrentHashMap<>();
  private final Set<Name> turn = new LinkedHashSet<>();
  private final Set<String> poolTurn = new LinkedHashSet<>();
  private final DispatchLoop.Subscription subscription;
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("ballast-news").factory());

  /** 64 MiB. */
  private static final int MEMORY_STEP = 26;

  private static final int TASKS_STEP = 10;

  private record Name(String namespace, String name) {}

  News(
      DispatchLoop dispatch,
      Workers workers,
      Queues queues,
      Outlook outlook,
      JobReconciler jobs,
      PoolReconciler pools,
      Duration interval) {
    this.dispatch = dispatch;
    this.workers = workers;
    this.queues = queues;
    this.outlook = outlook;
    this.jobs = jobs;
    this.pools = pools;
    look(false);
    this.subscription = dispatch.listen(this::hear);
    var _ =
        ticker.scheduleWithFixedDelay(
            () -> look(true), interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** On dispatch's own thread: must be quick. */
  private void hear(Event event) {
    jobs.note(event);
    switch (event) {
      case Event.JobAccepted accepted when isOurs(accepted.job().poolSelector()) ->
          names.put(accepted.uid(), new Name(accepted.job().namespace(), accepted.job().name()));
      case Event.JobEnded ended -> {
        Name name = names.remove(ended.uid());
        if (name != null) {
          jobs.hear(name.namespace(), name.name());
        }
      }
      default -> {
        // Seen at the next look.
      }
    }
  }

  private void look(boolean tell) {
    try {
      lookAtJobs(tell);
      lookAtPools();
    } catch (DispatchException e) {
      LOG.log(Level.WARNING, "dispatch cannot be looked at now: {0}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a look at dispatch failed", e);
    }
  }

  private void lookAtJobs(boolean tell) {
    Set<String> unfinished = new HashSet<>();
    for (JobView job : dispatch.jobs()) {
      if (job.state().ended() || !isOurs(job.spec().poolSelector())) {
        continue;
      }
      unfinished.add(job.uid());
      Name name = new Name(job.spec().namespace(), job.spec().name());
      names.put(job.uid(), name);
      if (!job.counts().equals(toldOfJobs.put(job.uid(), job.counts()))) {
        turn.add(name);
      }
    }
    toldOfJobs.keySet().retainAll(unfinished);
    if (!tell) {
      return;
    }
    var next = new ArrayDeque<>(turn);
    for (int told = 0; told < JOBS_AT_A_TIME && !next.isEmpty(); told++) {
      Name name = next.remove();
      turn.remove(name);
      jobs.hear(name.namespace(), name.name());
    }
  }

  private void lookAtPools() {
    Map<String, List<WorkerView>> all = workers.all();
    Map<String, PoolOutlook> expected = outlook.pools();
    Set<String> either = new HashSet<>(toldOfPools.keySet());
    either.addAll(all.keySet());
    either.addAll(expected.keySet());
    for (String pool : either) {
      List<String> now =
          Stream.concat(
                  all.getOrDefault(pool, List.of()).stream().map(News::gist),
                  gist(expected.get(pool)).stream())
              .toList();
      List<String> before = now.isEmpty() ? toldOfPools.remove(pool) : toldOfPools.put(pool, now);
      if (!now.equals(before == null ? List.of() : before)) {
        pools.hear(pool);
        poolTurn.remove(pool);
      }
    }
    List<String> changed = queues.changed();
    poolTurn.retainAll(changed);
    poolTurn.addAll(changed);
    List<String> next = poolTurn.stream().limit(POOLS_AT_A_TIME).toList();
    next.forEach(pools::hear);
    next.forEach(poolTurn::remove);
  }

  /** What a pool's status and plan depend on. */
  private static String gist(WorkerView view) {
    return "%s %s %d %d %s %s"
        .formatted(
            view.id(),
            view.state(),
            view.bound().size(),
            view.running().size(),
            view.breaker(),
            view.request()
                .map(request ->
                    "%s %d %d %d"
                        .formatted(
                            request.browser().version(),
                            Math.round(request.metrics().utilizationRatio().orElse(-1) * 20),
                            request.metrics().memoryBytes().orElse(-1) >> MEMORY_STEP,
                            request.metrics().tasksDone() / TASKS_STEP))
                .orElse(""));
  }

  /** What a pool's autoscaling depends on. */
  private static Optional<String> gist(@Nullable PoolOutlook expected) {
    return expected == null || expected.recommended().isEmpty()
        ? Optional.empty()
        : Optional.of(
            expected.recommended().getAsInt()
                + " "
                + expected.forecastUtilization().values().stream()
                    .map(ratio -> Math.round(ratio * 20))
                    .toList());
  }

  private static boolean isOurs(Map<String, String> selector) {
    return selector.containsKey(Labels.NAMESPACE);
  }

  @Override
  public void close() {
    subscription.close();
    ticker.shutdownNow();
  }
}
