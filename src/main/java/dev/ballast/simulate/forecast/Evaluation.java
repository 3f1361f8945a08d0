package dev.ballast.simulate.forecast;

import dev.ballast.balancer.forecast.AdaptiveForecaster;
import dev.ballast.balancer.forecast.Quantiles;
import dev.ballast.balancer.forecast.SeasonFinder;
import dev.ballast.balancer.forecast.SeasonalNaive;
import dev.ballast.balancer.forecast.SeriesForecaster;
import dev.ballast.balancer.forecast.TunedHoltWinters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Our forecast beside the yardsticks on one series: the first half trains, of every tick of the
 * second half is said at several distances what it will bring, before it is seen.
 */
public final class Evaluation {
  /** Distances that are judged, in ticks. */
  public static final List<Integer> STEPS = List.of(1, 3, 6, 12);

  /** Series shorter than this can't be judged. */
  public static final int SHORTEST = 60;

  private static final int HORIZONS = STEPS.getLast();

  private Evaluation() {}

  /**
   * What came of a series.
   *
   * @param period in ticks, as it was given or found; 1: none
   * @param ours mean pinball loss, in counts
   * @param seasonalNaive the same of {@link SeasonalNaive}
   * @param holtWinters the same of {@link TunedHoltWinters}
   * @param coverageRatio share of ticks within our 90 % interval
   * @param trustedRatio share of ticks at which ours forecast instead of reacting
   * @param fan what was said six ticks ahead, tick by tick
   */
  public record Finding(
      String name,
      int period,
      double ours,
      double seasonalNaive,
      double holtWinters,
      double coverageRatio,
      double trustedRatio,
      List<Said> fan) {
    public Finding {
      fan = List.copyOf(fan);
    }

    /** Whether ours lost less than both. */
    public boolean best() {
      return ours < seasonalNaive && ours < holtWinters;
    }
  }

  /** Of one tick: what was said of it, and what it brought. */
  public record Said(int tick, Quantiles forecast, double count) {}

  /** What a forecaster said of the ticks to come, by distance. */
  private static final class Judged {
    private final SeriesForecaster forecaster;
    private final Quantiles[][] said;
    private double loss;

    Judged(SeriesForecaster forecaster, int ticks) {
      this.forecaster = forecaster;
      said = new Quantiles[STEPS.size()][ticks + HORIZONS + 1];
    }

    void say(int tick) {
      for (int i = 0; i < STEPS.size(); i++) {
        said[i][tick + STEPS.get(i)] = forecaster.ahead(STEPS.get(i));
      }
    }

    void judge(int tick, double count) {
      for (int i = 0; i < STEPS.size(); i++) {
        loss += said[i][tick].pinballLoss(count);
      }
    }
  }

  /**
   * Judges them on one series.
   *
   * @throws IllegalArgumentException if it is shorter than {@link #SHORTEST}
   */
  public static Finding of(Series series) {
    double[] counts = series.counts();
    if (counts.length < SHORTEST) {
      throw new IllegalArgumentException(
          "%d ticks are too few: at least %d are needed".formatted(counts.length, SHORTEST));
    }
    int training = counts.length / 2;
    double[] first = Arrays.copyOf(counts, training);
    int period = series.period() > 0 ? series.period() : SeasonFinder.period(first);
    AdaptiveForecaster adaptive = new AdaptiveForecaster(period, HORIZONS);
    SeasonalNaive naive = new SeasonalNaive(period, HORIZONS);
    for (double count : first) {
      adaptive.observe(count);
      naive.observe(count);
    }
    Judged ours = new Judged(adaptive, counts.length);
    Judged seasonalNaive = new Judged(naive, counts.length);
    Judged holtWinters = new Judged(new TunedHoltWinters(period, HORIZONS, first), counts.length);
    List<Judged> all = List.of(ours, seasonalNaive, holtWinters);
    List<Said> fan = new ArrayList<>();
    int judged = 0;
    int covered = 0;
    int trusted = 0;
    for (int tick = training; tick < counts.length; tick++) {
      for (Judged record : all) {
        record.say(tick - 1);
      }
      // The first ticks were not yet spoken of at every distance.
      if (tick >= training + HORIZONS) {
        for (Judged record : all) {
          record.judge(tick, counts[tick]);
        }
        for (int i = 0; i < STEPS.size(); i++) {
          judged++;
          covered += ours.said[i][tick].covers(counts[tick]) ? 1 : 0;
          trusted += adaptive.trusted(STEPS.get(i)) ? 1 : 0;
        }
        fan.add(new Said(tick, ours.said[STEPS.indexOf(6)][tick], counts[tick]));
      }
      for (Judged record : all) {
        record.forecaster.observe(counts[tick]);
      }
    }
    return new Finding(
        series.name(),
        period,
        ours.loss / judged,
        seasonalNaive.loss / judged,
        holtWinters.loss / judged,
        (double) covered / judged,
        (double) trusted / judged,
        fan);
  }
}
