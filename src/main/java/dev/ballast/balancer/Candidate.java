package dev.ballast.balancer;

import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.WorkerId;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * A browser and backend that could run a task.
 *
 * @param free a place was free there, so that it could be chosen
 * @param seconds the cost, by factor
 */
public record Candidate(
    WorkerId worker,
    String pool,
    BrowserKind kind,
    Backend backend,
    boolean free,
    Map<Factor, Double> seconds) {
  public Candidate {
    seconds = Collections.unmodifiableMap(new EnumMap<>(seconds));
  }

  /** The sum of its factors, in seconds; the lowest wins. */
  public double costSeconds() {
    double sum = 0;
    for (double factor : seconds.values()) {
      sum += factor;
    }
    return sum;
  }
}
