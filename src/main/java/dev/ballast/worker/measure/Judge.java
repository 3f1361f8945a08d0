package dev.ballast.worker.measure;

import dev.ballast.model.Adapter;
import dev.ballast.model.Backend;
import dev.ballast.model.RunOptions.Isolation;
import dev.ballast.model.Summary;
import dev.ballast.model.Verdict;
import dev.ballast.model.Verdict.Reason;
import dev.ballast.worker.measure.MachineLoad.Load;
import dev.ballast.worker.measure.Measurement.Block;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * Says whether a measurement may be believed, and why not. Pure, and total: whatever a page
 * reports, there is a verdict.
 *
 * <p>The limits below were chosen while looking at {@code clean-samples.json} and {@code
 * hogged-samples.json}, which the tests then judge again: they fit that one machine, and are not
 * proven on another. Clean there (99th percentile): spread 0.14, outliers 0.04, drift 0.16. With an
 * endless loop on each core, and builds beside them (median): spread 0.25, waiting 0.8 of the time
 * run. What looks like a busy hyperthread of the same core makes 1.5 times: seen as drift when it
 * comes or goes between blocks, and not at all when it stays.
 */
public final class Judge {
  /** Robust spread (1.4826 × median absolute deviation ÷ median) of undisturbed work. */
  static final double MAX_SPREAD_RATIO = 0.20;

  /** A block whose median differs by more from that of all is not a sample of the same thing. */
  static final double MAX_DRIFT_RATIO = 0.10;

  /** … if that many standard errors agree that it differs. */
  static final double DRIFT_SIGMAS = 6;

  /**
   * Samples in such blocks ÷ all. With this many on one side, the median of all is still one of the
   * others' middle third.
   */
  static final double MAX_DRIFTED_RATIO = 0.25;

  /** A sample this many times the median was interrupted: by a collection, or by a neighbour. */
  static final double OUTLIER_RATIO = 2;

  /** Outliers that a clean run may have: some, and a share. */
  static final double OUTLIERS_FREE = 2;

  static final double MAX_OUTLIER_RATIO = 0.08;

  /**
   * What others must leave of the machine, in cores: one for the measured thread, and a part of
   * another for its browser's helpers.
   */
  static final double MIN_FREE_CORES = 1.25;

  /** … of a machine that has not so many: this share of it. */
  static final double MIN_FREE_RATIO = 0.75;

  /**
   * Waiting for a core ÷ running on one, for all threads of the browser; 0.03 at the median of an
   * idle machine, 0.8 beside the loops.
   */
  static final double MAX_WAIT_RATIO = 0.30;

  /** … not counting this much, which helper threads wait around a block, however short it is. */
  static final double FREE_WAIT_SECONDS = 0.05;

  /** Processor time is counted in ticks: below this much measured time it says too little. */
  static final double MIN_LOAD_SECONDS = 0.05;

  /** Time held back by the cgroup's limit ÷ time measured. */
  static final double MAX_THROTTLED_RATIO = 0.05;

  /** Step of the page's clock ÷ median sample. */
  static final double MAX_TIMER_RATIO = 0.05;

  private static final Set<Backend> ON_GPU = Set.of(Backend.WEBGPU, Backend.WEBGL);

  private Judge() {}

  /** The verdict on one measurement. */
  public static Verdict judge(Measurement measurement) {
    EnumSet<Reason> reasons = EnumSet.noneOf(Reason.class);
    double[] samples = measurement.samples();
    boolean fallback = judgeBackend(measurement, reasons);
    judgeOutput(measurement, reasons);
    if (measurement.warmupIterations() < 1) {
      reasons.add(Reason.COLD);
    }
    if (measurement.randomWeights()) {
      reasons.add(Reason.RANDOM_WEIGHTS);
    }
    if (tooFew(measurement, samples)) {
      reasons.add(Reason.TOO_FEW_SAMPLES);
    }
    if (coarseTimer(measurement, samples)) {
      reasons.add(Reason.COARSE_TIMER);
    } else if (scattered(measurement.blocks(), samples)) {
      // Behind a coarse clock the scatter is the clock's.
      reasons.add(Reason.NOISY);
    }
    if (crowded(measurement.blocks())) {
      reasons.add(Reason.NOISY);
    }
    if (throttled(measurement.blocks())) {
      reasons.add(Reason.THROTTLED);
    }
    if (coLocated(measurement)) {
      reasons.add(Reason.CO_LOCATED_LOAD);
    }
    boolean allowed =
        fallback
            && measurement.actual().filter(measurement.allowedFallbacks()::contains).isPresent();
    return allowed ? Verdict.ofAllowedFallback(reasons) : Verdict.of(reasons);
  }

  private static boolean judgeBackend(Measurement measurement, EnumSet<Reason> reasons) {
    Backend actual = measurement.actual().orElse(measurement.assigned());
    boolean fallback = !actual.equals(measurement.assigned());
    if (fallback) {
      reasons.add(Reason.BACKEND_FALLBACK);
    }
    if (ON_GPU.contains(actual) && measurement.adapter().filter(Adapter::software).isPresent()) {
      reasons.add(Reason.SOFTWARE_ADAPTER);
    }
    return fallback;
  }

  private static void judgeOutput(Measurement measurement, EnumSet<Reason> reasons) {
    var output = measurement.output();
    if (!output.finite()) {
      reasons.add(Reason.NOT_FINITE);
    } else if (output.wrong()) {
      reasons.add(Reason.WRONG_OUTPUT);
    }
  }

  private static boolean tooFew(Measurement measurement, double[] samples) {
    if (samples.length == 0 || samples.length < measurement.run().minIterations()) {
      return true;
    }
    return !(Summary.relativeWidth(samples) <= measurement.run().targetCiWidthRatio());
  }

  private static boolean coarseTimer(Measurement measurement, double[] samples) {
    return samples.length > 0
        && measurement.timerResolutionMillis().isPresent()
        && !(measurement.timerResolutionMillis().getAsDouble()
            <= MAX_TIMER_RATIO * median(samples));
  }

  /**
   * The samples themselves say so: they spread, or many were interrupted, or the blocks differ.
   * Medians throughout, so that the collections of a clean run do not count.
   */
  private static boolean scattered(List<Block> blocks, double[] samples) {
    if (samples.length < 4) {
      return false;
    }
    double median = median(samples);
    if (!(median > 0)) {
      return false;
    }
    long outliers = Arrays.stream(samples).filter(s -> s > OUTLIER_RATIO * median).count();
    return robustSigma(samples) / median > MAX_SPREAD_RATIO
        || outliers > OUTLIERS_FREE + MAX_OUTLIER_RATIO * samples.length
        || drifts(blocks, median);
  }

  private static boolean drifts(List<Block> blocks, double median) {
    long drifted = 0;
    long all = 0;
    for (Block block : blocks) {
      double[] samples = block.samples().stream().mapToDouble(Double::doubleValue).toArray();
      all += samples.length;
      if (samples.length >= 3) {
        double difference = Math.abs(median(samples) - median);
        // The standard error of a median is 1.2533 σ ÷ √n for normal samples.
        double error = 1.2533 * robustSigma(samples) / Math.sqrt(samples.length);
        if (difference > MAX_DRIFT_RATIO * median && difference > DRIFT_SIGMAS * error) {
          drifted += samples.length;
        }
      }
    }
    return drifted > MAX_DRIFTED_RATIO * all;
  }

  /** The machine says so: others left too little of it, or the browser queued for a core. */
  private static boolean crowded(List<Block> blocks) {
    List<Load> loads = loads(blocks);
    double seconds = seconds(loads);
    if (seconds < MIN_LOAD_SECONDS) {
      return false;
    }
    int cores = loads.get(0).cores();
    double taken = average(loads, load -> load.othersCores() + load.stealCores());
    if (cores - taken < Math.min(MIN_FREE_CORES, MIN_FREE_RATIO * cores)) {
      return true;
    }
    double ran = average(loads, Load::ownCores) * seconds;
    double waited = average(loads, load -> load.waitRatio().orElse(0) * load.ownCores()) * seconds;
    return waited > FREE_WAIT_SECONDS + MAX_WAIT_RATIO * ran;
  }

  private static boolean throttled(List<Block> blocks) {
    int iterations = blocks.stream().mapToInt(block -> block.samples().size()).sum();
    int longGaps = blocks.stream().mapToInt(block -> block.page().longGaps()).sum();
    return blocks.stream().anyMatch(block -> block.page().hidden())
        // One pause may be a collection; a clamped timer makes one of every iteration.
        || longGaps > Math.max(1, 0.25 * iterations)
        || average(loads(blocks), load -> load.throttledRatio().orElse(0)) > MAX_THROTTLED_RATIO;
  }

  private static boolean coLocated(Measurement measurement) {
    return measurement.blocks().stream()
        .anyMatch(block ->
            block.overlapped()
                || (measurement.run().isolation() == Isolation.EXCLUSIVE && !block.turnHeld()));
  }

  private static List<Load> loads(List<Block> blocks) {
    return blocks.stream().flatMap(block -> block.load().stream()).toList();
  }

  private static double seconds(List<Load> loads) {
    return loads.stream().mapToDouble(load -> load.elapsed().toNanos() / 1e9).sum();
  }

  /** Weighted by time, 0 for no loads. */
  private static double average(List<Load> loads, ToDoubleFunction<Load> value) {
    double seconds = seconds(loads);
    return seconds <= 0
        ? 0
        : loads.stream()
                .mapToDouble(load -> value.applyAsDouble(load) * load.elapsed().toNanos() / 1e9)
                .sum()
            / seconds;
  }

  private static double robustSigma(double[] samples) {
    double median = median(samples);
    return 1.4826 * median(Arrays.stream(samples).map(s -> Math.abs(s - median)).toArray());
  }

  private static double median(double[] samples) {
    double[] sorted = samples.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
