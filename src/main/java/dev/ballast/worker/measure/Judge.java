package dev.ballast.worker.measure;

import dev.ballast.model.Backend;
import dev.ballast.model.Verdict;
import dev.ballast.model.Verdict.Reason;
import java.util.EnumSet;

/**
 * Decides what a measurement is worth. Every reason is a rule of its own; none looks at how fast the result is.
 */
public final class Judge {
  /** A clock step above this share of a median sample makes single samples coarse. */
  static final double COARSE_STEP_RATIO = 0.10;

  /** A pause this long between two iterations that follow each other at once is a throttled page. */
  static final double GAP_MILLIS = 250;

  /** Others that keep more than this many cores busy disturb caches, clock rates and schedulers. */
  static final double OTHERS_CORES = 0.5;

  static final double THROTTLED_RATIO = 0.02;

  private Judge() {}

  public static Verdict judge(Measurement measured) {
    EnumSet<Reason> reasons = EnumSet.noneOf(Reason.class);
    double[] samples = measured.samples();
    addIf(reasons, Reason.SOFTWARE_ADAPTER, measured.softwareAdapter() && usesGpu(measured));
    addIf(reasons, Reason.BACKEND_FALLBACK, measured.actual().isPresent() && !measured.actual().get().equals(measured.requested()));
    addIf(reasons, Reason.NOT_FINITE, !measured.finite());
    addIf(reasons, Reason.WRONG_OUTPUT, measured.finite() && isWrong(measured));
    addIf(reasons, Reason.RANDOM_WEIGHTS, measured.randomWeights());
    addIf(reasons, Reason.COLD, measured.warmedUp() == 0);
    addIf(reasons, Reason.TOO_FEW_SAMPLES, !measured.narrow());
    addIf(reasons, Reason.COARSE_TIMER, isCoarse(measured, samples));
    addIf(
        reasons,
        Reason.THROTTLED,
        measured.pageHidden() || measured.longestGapMillis() > GAP_MILLIS || measured.throttledRatio() > THROTTLED_RATIO);
    addIf(reasons, Reason.CO_LOCATED_LOAD, !measured.alone());
    addIf(reasons, Reason.NOISY, measured.othersCores().orElse(0) > OTHERS_CORES || Noise.isNoisy(measured.blocks()));
    boolean allowed = measured.actual().isPresent() && measured.allowedFallbacks().contains(measured.actual().get());
    return allowed ? Verdict.ofAllowedFallback(reasons) : Verdict.of(reasons);
  }

  private static boolean usesGpu(Measurement measured) {
    Backend used = measured.actual().orElse(measured.requested());
    return used.equals(Backend.WEBGPU) || used.equals(Backend.WEBGL);
  }

  private static boolean isWrong(Measurement measured) {
    return measured.maxError().isPresent() && measured.tolerance().isPresent() && !(measured.maxError().getAsDouble() <= measured.tolerance().getAsDouble());
  }

  private static boolean isCoarse(Measurement measured, double[] samples) {
    if (measured.timerResolutionMillis().isEmpty() || samples.length == 0) {
      return false;
    }
    return measured.timerResolutionMillis().getAsDouble() > COARSE_STEP_RATIO * Noise.median(samples);
  }

  private static void addIf(EnumSet<Reason> reasons, Reason reason, boolean holds) {
    if (holds) {
      reasons.add(reason);
    }
  }
}
