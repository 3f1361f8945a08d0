package dev.ballast.balancer;

import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import java.util.ArrayList;
import java.util.List;

/**
 * What is believed of browsers before anything was measured. {@code chromium} inherits what is said
 * of {@code chrome}, unless something is said of itself.
 *
 * @param weight how many observations a belief weighs as much as
 */
public record Priors(List<Affinity> affinities, double weight) {
  /** The configured defaults, each worth three observations. */
  public static final Priors DEFAULTS =
      new Priors(
          List.of(
              new Affinity(ModelFamily.AUDIO, BrowserKind.FIREFOX, 1.55),
              new Affinity(ModelFamily.VISION, BrowserKind.CHROME, 1.20),
              new Affinity(ModelFamily.TEXT_EMBEDDING, BrowserKind.EDGE, 1.35),
              new Affinity(ModelFamily.LLM, BrowserKind.CHROME, 1.05)),
          3);

  /** No browser is believed to be faster than another. */
  public static final Priors NONE = new Priors(List.of(), 3);

  /**
   * A family runs {@code advantage} times as fast in browsers of that kind as where nothing is
   * believed.
   */
  public record Affinity(ModelFamily family, BrowserKind kind, double advantage) {
    public Affinity {
      if (!(advantage > 0 && advantage < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "advantage (%s) of %s on %s must be positive. Maybe 1.0, for none?"
                .formatted(advantage, family, kind));
      }
    }
  }

  public Priors {
    affinities = List.copyOf(affinities);
    if (!(weight > 0)) {
      throw new IllegalArgumentException("weight (%s) must be positive".formatted(weight));
    }
  }

  /** Speed of that kind ÷ that of a kind of which nothing is believed. */
  public double advantage(ModelFamily family, BrowserKind kind) {
    List<BrowserKind> lookups = new ArrayList<>(List.of(kind));
    if (kind.equals(BrowserKind.CHROMIUM)) {
      lookups.add(BrowserKind.CHROME);
    }
    for (BrowserKind lookup : lookups) {
      for (Affinity affinity : affinities) {
        if (affinity.family() == family && affinity.kind().equals(lookup)) {
          return affinity.advantage();
        }
      }
    }
    return 1;
  }
}
