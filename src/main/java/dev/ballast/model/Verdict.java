package dev.ballast.model;

import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;

/** Whether a measurement may be believed, and why not. */
public record Verdict(Level level, Set<Reason> reasons) {
  public static final Verdict TRUSTED = new Verdict(Level.TRUSTED, Set.of());

  /** {@code REJECTED} results never teach speed. */
  public enum Level {
    TRUSTED,
    FLAGGED,
    REJECTED;

    public String label() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** Why a measurement is not simply trusted: a closed list. */
  public enum Reason {
    SOFTWARE_ADAPTER(
        "software-adapter", Level.FLAGGED, "the GPU adapter is a rasteriser on the CPU"),
    BACKEND_FALLBACK(
        "backend-fallback",
        Level.REJECTED,
        "the model ran on another backend than the one asked for"),
    WRONG_OUTPUT(
        "wrong-output",
        Level.REJECTED,
        "the output differs from the reference by more than the tolerance"),
    NOT_FINITE("not-finite", Level.REJECTED, "the output holds NaN or infinity"),
    COLD("cold", Level.FLAGGED, "no warm-up came before the samples"),
    NOISY("noisy", Level.FLAGGED, "the samples scatter more than the work can explain"),
    THROTTLED(
        "throttled",
        Level.FLAGGED,
        "the page or its processor was slowed down while it was measured"),
    COARSE_TIMER(
        "coarse-timer",
        Level.FLAGGED,
        "a sample is too short for the resolution of the page's clock"),
    TOO_FEW_SAMPLES("too-few-samples", Level.FLAGGED, "the 95 % interval is wider than the target"),
    CO_LOCATED_LOAD(
        "co-located-load",
        Level.FLAGGED,
        "other measured work ran on the machine at the same time"),
    RANDOM_WEIGHTS(
        "random-weights",
        Level.FLAGGED,
        "the architecture is real, the weights are random and the output means nothing");

    private final String label;
    private final Level level;
    private final String explanation;

    Reason(String label, Level level, String explanation) {
      this.label = label;
      this.level = level;
      this.explanation = explanation;
    }

    public String label() {
      return label;
    }

    public Level level() {
      return level;
    }

    public String explanation() {
      return explanation;
    }
  }

  public Verdict {
    reasons =
        reasons.isEmpty()
            ? Set.of()
            : java.util.Collections.unmodifiableSet(new TreeSet<>(reasons));
  }

  /** The strictest level that any of the reasons asks for. */
  public static Verdict of(EnumSet<Reason> reasons) {
    Level level = reasons.stream().map(Reason::level).max(Level::compareTo).orElse(Level.TRUSTED);
    return new Verdict(level, reasons);
  }

  /** As {@link #of}, for a job that allowed the fallback: then it only flags. */
  public static Verdict ofAllowedFallback(EnumSet<Reason> reasons) {
    EnumSet<Reason> others = EnumSet.copyOf(reasons);
    others.remove(Reason.BACKEND_FALLBACK);
    Verdict verdict = of(others);
    return new Verdict(verdict.level == Level.REJECTED ? Level.REJECTED : Level.FLAGGED, reasons);
  }
}
