package dev.ballast.balancer.scaling;

import dev.ballast.balancer.PoolOutlook;
import dev.ballast.balancer.forecast.AdaptiveForecaster;
import dev.ballast.balancer.forecast.Quantiles;
import dev.ballast.balancer.forecast.SeasonFinder;
import dev.ballast.model.ModelFamily;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Arrivals and completions of one pool: foretold in all and by family, tick by tick, and turned
 * into a number of workers. The demand is
 *
 * <pre>
 * the greatest of: the quantile of the arrivals at now + lead time,
 *                  the mean of the last ticks,
 *                  the last 6 s, if they exceed the former by more than chance (2.5 standard
 *                  deviations of a Poisson count) would
 * </pre>
 *
 * and what waits already. The latter two are the floor: what is seen needs no forecast.
 */
public final class PoolForecast {
  /** Length of a tick of the forecast, in seconds. */
  public static final double TICK_SECONDS = 10;

  /** How often {@link #step} is to be called, in seconds. */
  public static final double STEP_SECONDS = 2;

  private static final int HORIZONS = 12;
  private static final int SEEN_TICKS = 3;
  private static final double[] TOLD = {0.1, 0.5, 0.9};

  private static final int STEPS = (int) Math.round(TICK_SECONDS / STEP_SECONDS);
  private static final double SURPRISE = 2.5;

  private final ServiceTimes service;

  /** Arrivals of the last steps. */
  private final double[] latest = new double[3];

  private int step;
  private final Line all = new Line();
  private final Map<ModelFamily, Line> families = new EnumMap<>(ModelFamily.class);

  /** One series: it is looked for a season from time to time, and learned anew with it. */
  private static final class Line {
    private static final int KEPT = 2_160;
    private static final int SEARCH_EVERY = 60;

    private double[] counts = new double[256];
    private int size;
    private int period = 1;
    private double open;
    private AdaptiveForecaster forecaster = new AdaptiveForecaster(1, HORIZONS);

    void tick() {
      if (size == KEPT) {
        System.arraycopy(counts, KEPT / 2, counts, 0, KEPT - KEPT / 2);
        size = KEPT - KEPT / 2;
      } else if (size == counts.length) {
        counts = Arrays.copyOf(counts, Math.min(KEPT, size * 2));
      }
      counts[size++] = open;
      forecaster.observe(open);
      open = 0;
      if (size % SEARCH_EVERY == 0) {
        int found = SeasonFinder.period(Arrays.copyOf(counts, size));
        if (found != period) {
          period = found;
          forecaster = new AdaptiveForecaster(period, HORIZONS);
          for (int i = 0; i < size; i++) {
            forecaster.observe(counts[i]);
          }
        }
      }
    }

    double recent() {
      int ticks = Math.min(size, SEEN_TICKS);
      return ticks == 0 ? 0 : Arrays.stream(counts, size - ticks, size).average().orElse(0);
    }
  }

  /** {@code assumedServiceSeconds}: until tasks were measured. */
  public PoolForecast(double assumedServiceSeconds) {
    service = new ServiceTimes(assumedServiceSeconds);
  }

  /** {@code tasks} of the family came for this pool; a share of one, where several pools may. */
  public void arrived(ModelFamily family, double tasks) {
    all.open += tasks;
    latest[step % latest.length] += tasks;
    families.computeIfAbsent(family, _ -> new Line()).open += tasks;
  }

  /** A task was in a slot for so long. */
  public void served(double seconds) {
    service.observe(seconds);
  }

  /** {@link #STEP_SECONDS} are over. */
  public void step() {
    step++;
    latest[step % latest.length] = 0;
    if (step % STEPS == 0) {
      all.tick();
      families.values().forEach(Line::tick);
    }
  }

  /** Tasks that will arrive per second, that far ahead; empty before the first tick. */
  public Optional<Quantiles> arrivals(double aheadSeconds) {
    return all.size == 0
        ? Optional.empty()
        : Optional.of(all.forecaster.ahead(steps(aheadSeconds)));
  }

  /** The same of one family, median, in tasks per second; 0 if none ever came. */
  public double arrivalsPerSecond(ModelFamily family, double aheadSeconds) {
    Line line = families.get(family);
    return line == null || line.size == 0
        ? 0
        : line.forecaster.ahead(steps(aheadSeconds)).median() / TICK_SECONDS;
  }

  /** What the pool will have to do a lead time ahead. */
  public Demand demand(Aim aim, double aheadSeconds, double waiting) {
    double foretold = arrivals(aheadSeconds).map(ahead -> ahead.at(aim.quantile())).orElse(0.0);
    // Quantiles lie between the whole numbers that counts are: less than half a task is none.
    double expected = foretold < 0.5 ? 0 : foretold;
    double known = Math.max(expected, all.recent()) / TICK_SECONDS;
    return new Demand(
        Math.max(known, surprise(known)), service.meanSeconds(), service.variation(), waiting);
  }

  /** Arrivals per second lately, if that is more than chance makes of the known ones; else 0. */
  private double surprise(double knownPerSecond) {
    // The step that has just begun is not over: two whole ones and what it brought.
    double seconds = STEP_SECONDS * (latest.length - 1);
    double count = Arrays.stream(latest).sum();
    double chance = knownPerSecond * seconds;
    return count > chance + SURPRISE * Math.sqrt(Math.max(1, chance)) ? count / seconds : 0;
  }

  /**
   * What is to be told of the pool.
   *
   * @param slots of all its workers; 0: no utilization can be told
   * @param waiting tasks that wait for it
   */
  public PoolOutlook outlook(
      PoolOutlook before,
      Aim aim,
      double aheadSeconds,
      int slots,
      int slotsPerWorker,
      double waiting) {
    Optional<Quantiles> ahead = arrivals(aheadSeconds);
    if (ahead.isEmpty()) {
      return before;
    }
    SortedMap<Double, Double> utilization = new TreeMap<>();
    if (slots > 0) {
      double backlog = waiting / aim.drainSeconds();
      for (double level : TOLD) {
        utilization.put(
            level,
            (ahead.get().at(level) / TICK_SECONDS + backlog) * service.meanSeconds() / slots);
      }
    }
    int steps = steps(aheadSeconds);
    double error = all.forecaster.errorRatio(steps);
    int needed = demand(aim, aheadSeconds, waiting).slots(aim);
    return new PoolOutlook(
        before.desired(),
        OptionalInt.of((needed + slotsPerWorker - 1) / slotsPerWorker),
        utilization,
        Double.isNaN(error) ? OptionalDouble.empty() : OptionalDouble.of(error),
        Optional.of(all.forecaster.trusted(steps)));
  }

  private static int steps(double aheadSeconds) {
    return (int) Math.clamp(Math.ceil(aheadSeconds / TICK_SECONDS), 1, HORIZONS);
  }
}
