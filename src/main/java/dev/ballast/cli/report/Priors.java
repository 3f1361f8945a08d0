package dev.ballast.cli.report;

import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import java.util.Map;

/**
 * Configured affinities: how many times faster a family is expected to run on a kind than on one
 * without an entry. {@code chromium} inherits {@code chrome}.
 */
public record Priors(Map<ModelFamily, Map<BrowserKind, Double>> advantages) {
  /** The defaults of the configuration. */
  public static final Priors DEFAULTS =
      new Priors(
          Map.of(
              ModelFamily.AUDIO, Map.of(BrowserKind.FIREFOX, 1.55),
              ModelFamily.VISION, Map.of(BrowserKind.CHROME, 1.20),
              ModelFamily.TEXT_EMBEDDING, Map.of(BrowserKind.EDGE, 1.35),
              ModelFamily.LLM, Map.of(BrowserKind.CHROME, 1.05)));

  public Priors {
    advantages = Map.copyOf(advantages);
  }

  /** The advantage of that kind, 1 without an entry. */
  public double advantage(ModelFamily family, BrowserKind kind) {
    Map<BrowserKind, Double> entries = advantages.getOrDefault(family, Map.of());
    Double own = entries.get(kind);
    if (own == null && kind.equals(BrowserKind.CHROMIUM)) {
      own = entries.get(BrowserKind.CHROME);
    }
    return own == null ? 1 : own;
  }
}
