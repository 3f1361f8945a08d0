package dev.ballast.server.outlook;

import dev.ballast.balancer.Outlook;
import dev.ballast.balancer.PoolOutlook;
import dev.ballast.balancer.ScalingWish;
import dev.ballast.balancer.scaling.Aim;
import dev.ballast.balancer.scaling.PoolForecast;
import dev.ballast.dispatch.Event;
import dev.ballast.dispatch.JobView;
import dev.ballast.dispatch.Pulse;
import dev.ballast.dispatch.WorkerView;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.JobSpec;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Outcome;
import dev.ballast.model.TestModel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Forecasts for every pool that was ever seen to have workers: hears what arrives and ends, looks
 * at the fleet every two seconds, and tells the {@link Outlook}. A task that several pools may run
 * counts for each in part, as tasks of its family were spread over them lately.
 *
 * <p>{@link #accept} may be called by any thread, {@link #tick} by one at a time.
 */
public final class Lookout implements Consumer<Event> {
  /** A pool of which nobody speaks any more is forgotten after so many looks without a worker. */
  private static final int FORGET_TICKS = 1800;

  private final Outlook outlook;
  private final Retrospect retrospect;
  private final Aim aim;
  private final Queue<Event> heard = new ConcurrentLinkedQueue<>();
  private final Map<String, WatchedPool> pools = new TreeMap<>();
  private final Map<String, String> poolOfWorker = new HashMap<>();

  public Lookout(Outlook outlook, Retrospect retrospect, Aim aim) {
    this.outlook = outlook;
    this.retrospect = retrospect;
    this.aim = aim;
  }

  @Override
  public void accept(Event event) {
    if (event instanceof Event.JobAccepted || event instanceof Event.AttemptEnded) {
      heard.add(event);
    }
  }

  /** {@link PoolForecast#STEP_SECONDS} are over, and this is the state at its end. */
  public void tick(Pulse pulse) {
    look(pulse);
    for (Event event = heard.poll(); event != null; event = heard.poll()) {
      switch (event) {
        case Event.JobAccepted accepted -> arrived(accepted.job());
        case Event.AttemptEnded ended -> ended(ended.result());
        default -> {
          // accept() lets nothing else in.
        }
      }
    }
    for (WatchedPool pool : pools.values()) {
      pool.waiting = 0;
    }
    pulse.jobs().forEach(this::waits);
    pools.entrySet().removeIf(pool -> abandoned(pool.getKey(), pool.getValue()));
    pools.forEach((name, pool) -> tell(name, pool, pulse.at()));
  }

  private void look(Pulse pulse) {
    pools.values().forEach(WatchedPool::lookAnew);
    poolOfWorker.clear();
    for (WorkerView worker : pulse.workers()) {
      worker
          .request()
          .ifPresent(told -> {
            poolOfWorker.put(worker.id().name(), told.pool());
            WatchedPool pool = pools.computeIfAbsent(told.pool(), _ -> new WatchedPool(told));
            if (worker.state() == WorkerView.State.READY) {
              pool.see(told, worker.running().size());
            }
          });
    }
  }

  private boolean abandoned(String name, WatchedPool pool) {
    boolean wanted = pool.ready > 0 || outlook.of(name).desired().isPresent();
    pool.idleTicks = wanted ? 0 : pool.idleTicks + 1;
    if (pool.idleTicks < FORGET_TICKS) {
      return false;
    }
    outlook.forget(name);
    retrospect.forget(name);
    return true;
  }

  private void arrived(JobSpec job) {
    double each = (double) job.taskCount() / Math.max(1, job.models().size());
    for (TestModel model : job.models()) {
      spread(job, model.family(), each)
          .forEach((pool, tasks) -> pool.forecast.arrived(model.family(), tasks));
    }
  }

  private void ended(AttemptResult result) {
    String name = poolOfWorker.get(result.worker());
    WatchedPool pool = name == null ? null : pools.get(name);
    if (pool == null) {
      return;
    }
    pool.ran.merge(result.model().family(), 1.0, Double::sum);
    var phases = result.phases();
    if (phases != null && result.outcome() == Outcome.SUCCEEDED) {
      double millis = phases.total() - phases.queue() - phases.placement();
      if (millis > 0) {
        pool.forecast.served(millis / 1000);
      }
    }
  }

  /** Tasks by pool: each pool that may run them gets its part. */
  private Map<WatchedPool, Double> spread(JobSpec job, ModelFamily family, double tasks) {
    List<WatchedPool> able = new ArrayList<>();
    double all = 0;
    for (WatchedPool pool : pools.values()) {
      if (pool.mayRun(job)) {
        able.add(pool);
        all += pool.weight(family);
      }
    }
    Map<WatchedPool, Double> parts = new HashMap<>();
    for (WatchedPool pool : able) {
      parts.put(pool, tasks * pool.weight(family) / all);
    }
    return parts;
  }

  private void waits(JobView job) {
    int waiting = job.counts().waiting() - job.counts().backingOff();
    List<TestModel> models = job.spec().models();
    if (job.spec().suspend() || waiting <= 0 || models.isEmpty()) {
      return;
    }
    for (TestModel model : models) {
      spread(job.spec(), model.family(), (double) waiting / models.size())
          .forEach((pool, tasks) -> pool.waiting += tasks);
    }
  }

  private void tell(String name, WatchedPool pool, Instant at) {
    PoolOutlook before = outlook.of(name);
    pool.lead.observe(at.toEpochMilli() / 1000.0, before.desired().orElse(pool.ready), pool.ready);
    pool.forecast.step();
    Optional<ScalingWish> wish = outlook.wished(name);
    // Sooner than a worker is up there is nothing to be gained.
    double ahead = Math.max(pool.lead.seconds(), wish.map(ScalingWish::horizonSeconds).orElse(0.0));
    Aim own = wish.map(ScalingWish::utilizationRatio).map(aim::withUtilization).orElse(aim);
    outlook.update(
        name,
        known ->
            pool.forecast.outlook(
                known, own, ahead, pool.slots, Math.max(1, pool.like.slots()), pool.waiting));
    pool.point(at, ahead, outlook.of(name).forecastUtilization())
        .ifPresent(point -> retrospect.add(name, point));
  }
}
