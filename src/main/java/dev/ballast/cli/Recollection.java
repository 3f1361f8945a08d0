package dev.ballast.cli;

import dev.ballast.balancer.Hardware;
import dev.ballast.balancer.Observation;
import dev.ballast.balancer.ProfileKey;
import dev.ballast.balancer.Profiles;
import dev.ballast.model.Backend;
import dev.ballast.model.Outcome;
import dev.ballast.store.History;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Teaches fresh profiles what earlier runs measured, so that a balancer does not start from its
 * priors again.
 */
final class Recollection {
  /**
   * More of each model, browser and backend would only be forgotten: profiles weigh what is recent.
   */
  private static final int NEWEST_OF_EACH = 50;

  private Recollection() {}

  static void recall(History history, Profiles profiles) {
    history.observations(NEWEST_OF_EACH).forEach(past -> profiles.learn(observation(past)));
  }

  private static Observation observation(dev.ballast.store.Observation past) {
    ProfileKey key =
        new ProfileKey(
            past.model(),
            past.family(),
            past.kind(),
            past.version(),
            past.backend(),
            hardware(past));
    boolean cold = past.warmStart().isPresent() && !past.warmStart().get();
    return past.teachesSpeed()
        ? new Observation(
            key,
            true,
            seconds(past.serviceMillis()),
            seconds(past.meanMillis()),
            cold ? seconds(past.loadMillis()) : OptionalDouble.empty(),
            past.peakMemoryBytes())
        : new Observation(
            key,
            past.outcome() == Outcome.SUCCEEDED,
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalLong.empty());
  }

  private static Hardware hardware(dev.ballast.store.Observation past) {
    if (past.backend().equals(Backend.WASM)) {
      return Hardware.CPU;
    }
    return past.software() ? Hardware.SOFTWARE : Hardware.GPU;
  }

  private static OptionalDouble seconds(OptionalDouble millis) {
    return millis.isPresent()
        ? OptionalDouble.of(millis.getAsDouble() / 1000)
        : OptionalDouble.empty();
  }
}
