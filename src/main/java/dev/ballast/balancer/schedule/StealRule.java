package dev.ballast.balancer.schedule;

import java.time.Duration;

/**
 * When it pays to move a task that is bound to a busy browser, and has not started, to a free slot
 * of another one:
 *
 * <pre>
 * left(b) = expected end − now       while its tasks are on time
 *         = now − expected end       once they are late: late by x, so it will be about x more
 * move    ⇔ left(b) + service(b) + load(b) &gt; margin · (service(c) + load(c)) + exchange
 * </pre>
 *
 * The load of the model is paid before anything is gained, the margin keeps what is nearly even
 * where it is, and a task that was moved is left alone for the cooldown.
 *
 * @param margin how many times longer staying must take, at least 1
 * @param exchangeSeconds what asking back and binding anew takes, in seconds
 * @param cooldown time from one move of a task to its next
 */
public record StealRule(double margin, double exchangeSeconds, Duration cooldown) {
  public static final StealRule DEFAULTS = new StealRule(1.5, 0.5, Duration.ofSeconds(30));

  public StealRule {
    if (!(margin >= 1) || !(exchangeSeconds >= 0) || cooldown.isNegative()) {
      throw new IllegalArgumentException(
          "a move needs a margin ≥ 1 (%s), an exchange ≥ 0 s (%s), a cooldown ≥ 0 (%s)"
              .formatted(margin, exchangeSeconds, cooldown));
    }
  }

  /** How long a running task is still expected to run, in seconds. */
  public static double left(double nowSeconds, double expectedEndSeconds) {
    return Math.abs(expectedEndSeconds - nowSeconds);
  }

  /** Whether a task that would be done in {@code staySeconds} here should go there instead. */
  public boolean pays(double staySeconds, double goSeconds) {
    return staySeconds > margin * goSeconds + exchangeSeconds;
  }
}
