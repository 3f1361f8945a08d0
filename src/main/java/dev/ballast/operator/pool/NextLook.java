package dev.ballast.operator.pool;

import dev.ballast.operator.resource.BrowserPool;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** When a pool is looked at again although nothing was heard of it. */
final class NextLook {
  /** Own writes bring no event, so that the step after them has to be asked for. */
  private static final Duration SOON = Duration.ofMillis(100);

  private static final Duration AFTER_WRITE = Duration.ofSeconds(1);

  private final List<Duration> wakes = new ArrayList<>();

  NextLook at(Optional<Duration> in) {
    in.ifPresent(wakes::add);
    return this;
  }

  /** {@code plan}: what was done of it. */
  NextLook after(PoolPlan plan) {
    if (plan.isUnderWay()) {
      wakes.add(SOON);
    } else {
      at(plan.lookAgain());
    }
    // A deletion that was refused is tried again.
    if (plan.deletes()) {
      wakes.add(AFTER_WRITE);
    }
    return this;
  }

  UpdateControl<BrowserPool> with(UpdateControl<BrowserPool> control) {
    // A change that meets the write of a status may bring no event: the write is taken for it.
    if (control.isPatchStatus()) {
      wakes.add(AFTER_WRITE);
    }
    wakes.stream()
        .min(Duration::compareTo)
        .ifPresent(in -> control.rescheduleAfter(in.isPositive() ? in : SOON));
    return control;
  }
}
