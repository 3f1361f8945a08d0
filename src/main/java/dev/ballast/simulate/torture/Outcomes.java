package dev.ballast.simulate.torture;

import dev.ballast.model.Outcome;
import dev.ballast.simulate.protocol.Effort;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/** How attempts end here: a third of them badly. */
final class Outcomes {
  static final Outcome GOOD = Outcome.SUCCEEDED;
  private static final List<Outcome> BAD =
      List.of(
          Outcome.FAILED,
          Outcome.CRASHED,
          Outcome.HUNG,
          Outcome.OUT_OF_MEMORY,
          Outcome.DEVICE_LOST,
          Outcome.TIMED_OUT);

  private Outcomes() {}

  /** What an attempt took. */
  static Effort effort(Instant startedAt, double millis) {
    return new Effort(startedAt, 0, millis, OptionalLong.empty());
  }

  static Outcome draw(RandomGenerator random) {
    return random.nextInt(3) == 0 ? BAD.get(random.nextInt(BAD.size())) : GOOD;
  }
}
