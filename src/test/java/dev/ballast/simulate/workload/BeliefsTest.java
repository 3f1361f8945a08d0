package dev.ballast.simulate.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ballast.balancer.Priors;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import org.junit.jupiter.api.Test;

class BeliefsTest {
  private static final Builtin MIX = Builtin.find("seed-mix").orElseThrow().withTasks(10);

  @Test
  void honestBeliefsAreTheTrueRatiosAndInvertedOnesTheirReciprocals() {
    Priors honest = priors(Beliefs.HONEST);
    Priors inverted = priors(Beliefs.INVERTED);

    // On seed-mix audio is 1.55 times as fast in firefox as in either of the others.
    assertThat(ratio(honest)).isCloseTo(1.55, within(1e-9));
    assertThat(ratio(inverted)).isCloseTo(1 / 1.55, within(1e-9));
  }

  @Test
  void flatBeliefsTellKindsNotApart() {
    assertThat(ratio(priors(Beliefs.FLAT))).isEqualTo(1);
  }

  private static Priors priors(Beliefs beliefs) {
    return MIX.withPriors(beliefs).instance(1, 0).priors();
  }

  private static double ratio(Priors priors) {
    return priors.advantage(ModelFamily.AUDIO, BrowserKind.FIREFOX)
        / priors.advantage(ModelFamily.AUDIO, BrowserKind.EDGE);
  }
}
