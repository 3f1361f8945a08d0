package dev.ballast.store;

import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import java.util.List;

/**
 * A belief from the configuration: {@code kind} runs models of {@code family} {@code advantage}
 * times as fast as a kind without a prior. {@code chromium} inherits what is said of {@code
 * chrome}.
 */
public record Prior(ModelFamily family, BrowserKind kind, double advantage) {
  public static final List<Prior> DEFAULTS =
      List.of(
          new Prior(ModelFamily.AUDIO, BrowserKind.FIREFOX, 1.55),
          new Prior(ModelFamily.VISION, BrowserKind.CHROME, 1.20),
          new Prior(ModelFamily.TEXT_EMBEDDING, BrowserKind.EDGE, 1.35),
          new Prior(ModelFamily.LLM, BrowserKind.CHROME, 1.05));

  public Prior {
    if (!(advantage > 0)) {
      throw new IllegalArgumentException(
          "advantage (%s) of %s for %s must be above 0".formatted(advantage, kind, family));
    }
  }

  /** What the priors say of a kind; 1 where they say nothing. */
  static double advantage(List<Prior> priors, ModelFamily family, BrowserKind kind) {
    return priors.stream()
        .filter(prior -> prior.family() == family && prior.kind().equals(kind))
        .mapToDouble(Prior::advantage)
        .findFirst()
        .orElseGet(() ->
            kind.equals(BrowserKind.CHROMIUM) ? advantage(priors, family, BrowserKind.CHROME) : 1);
  }
}
