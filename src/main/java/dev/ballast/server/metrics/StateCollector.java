package dev.ballast.server.metrics;

import dev.ballast.balancer.PoolOutlook;
import dev.ballast.dispatch.JobState;
import dev.ballast.dispatch.JobView;
import dev.ballast.dispatch.Pulse;
import dev.ballast.dispatch.WorkerView;
import io.prometheus.client.Collector;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/** The state at the moment of a scrape, out of one look at dispatch. */
public final class StateCollector extends Collector {
  private final Supplier<Optional<Source>> source;
  private final Bounded browsers = new Bounded(12);
  private final Bounded pools = new Bounded(200);

  /**
   * Where the state comes from.
   *
   * @param pulse absent while dispatch cannot answer: then nothing is known, which is not nothing
   * @param disk free bytes and size of the disk of the data directory
   */
  public record Source(
      Optional<Pulse> pulse,
      SortedMap<String, PoolOutlook> outlook,
      int eventReaders,
      Optional<Disk> disk) {}

  /** Sizes in bytes. */
  public record Disk(long freeBytes, long sizeBytes) {}

  /** {@code source}: empty while no controller runs in this process. */
  public StateCollector(Supplier<Optional<Source>> source) {
    this.source = source;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    Families families = new Families();
    source
        .get()
        .ifPresent(state -> {
          families.count(Metric.DISPATCH_READY, state.pulse().isPresent() ? 1 : 0);
          families.count(Metric.EVENT_READERS, state.eventReaders());
          state
              .disk()
              .ifPresent(disk -> {
                families.count(Metric.DATA_FREE, disk.freeBytes());
                families.count(Metric.DATA_SIZE, disk.sizeBytes());
              });
          state.pulse().ifPresent(pulse -> addState(families, pulse));
          state.outlook().forEach((pool, outlook) -> addOutlook(families, pools.of(pool), outlook));
        });
    return families.all();
  }

  private void addState(Families families, Pulse pulse) {
    addTasks(families, pulse.jobs());
    Map<JobState, Integer> jobs = new EnumMap<>(JobState.class);
    pulse.jobs().forEach(job -> jobs.merge(job.state(), 1, Integer::sum));
    for (JobState state : JobState.values()) {
      families.count(Metric.JOBS, jobs.getOrDefault(state, 0), state.label());
    }
    pulse
        .waitingSince()
        .ifPresent(since ->
            families.add(
                Metric.OLDEST,
                Math.max(0, Duration.between(since, pulse.at()).toMillis() / 1000.0)));
    families.count(Metric.MIGRATIONS, pulse.moves().completed(), "completed");
    families.count(Metric.MIGRATIONS, pulse.moves().started(), "started");
    families.count(Metric.MIGRATIONS, pulse.moves().timedOut(), "timed-out");
    families.count(Metric.REFUSED, pulse.refusedResults());
    SortedMap<String, PoolSums> sums = new TreeMap<>();
    for (WorkerView worker : pulse.workers()) {
      worker
          .request()
          .ifPresent(told ->
              sums.computeIfAbsent(pools.of(told.pool()), _ -> new PoolSums())
                  .add(worker, told, browsers.of(told.browser().kind().name())));
    }
    pulse
        .fleet()
        .browsers()
        .forEach(browser ->
            sums.computeIfAbsent(pools.of(browser.pool()), _ -> new PoolSums())
                .addBroken(browser.broken()));
    sums.forEach((pool, sum) -> sum.tell(families, pool));
  }

  private static void addTasks(Families families, List<JobView> jobs) {
    Map<String, ToIntFunction<JobView.Counts>> states = new TreeMap<>();
    states.put("waiting", counts -> counts.waiting() - counts.unplaceable() - counts.backingOff());
    states.put("backing-off", JobView.Counts::backingOff);
    states.put("unplaceable", JobView.Counts::unplaceable);
    states.put("bound", JobView.Counts::bound);
    states.put("running", JobView.Counts::running);
    states.put("succeeded", JobView.Counts::succeeded);
    states.put("failed", JobView.Counts::failed);
    states.put("dropped", JobView.Counts::dropped);
    states.forEach((state, count) ->
        families.count(
            Metric.TASKS,
            jobs.stream().map(JobView::counts).mapToLong(count::applyAsInt).sum(),
            state));
  }

  private static void addOutlook(Families families, String pool, PoolOutlook outlook) {
    outlook
        .desired()
        .ifPresent(workers -> families.count(Metric.REPLICAS, workers, pool, "desired"));
    outlook
        .recommended()
        .ifPresent(workers -> families.count(Metric.REPLICAS, workers, pool, "recommended"));
    outlook
        .forecastUtilization()
        .forEach((quantile, ratio) ->
            families.add(Metric.FORECAST, ratio, pool, String.valueOf(quantile)));
    outlook
        .forecastErrorRatio()
        .ifPresent(error -> families.add(Metric.FORECAST_ERROR, error, pool));
    outlook
        .forecastTrusted()
        .ifPresent(trusted -> families.count(Metric.FORECAST_TRUSTED, trusted ? 1 : 0, pool));
  }
}
