package dev.ballast.operator.pool;

import dev.ballast.operator.validation.PoolSettings.Autoscaling;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the forecast asked of each pool lately. More workers are wanted at once; fewer only when
 * fewer were enough all the time of {@code scaleDownStabilization}, so that a pause between two
 * jobs does not cost the browsers that the second one needs.
 */
final class Recommendations {
  private final Map<String, Deque<Asked>> lately = new ConcurrentHashMap<>();

  private record Asked(Instant until, int workers) {}

  /**
   * @param workers within the bounds of the pool, and stable
   * @param lookAgain when fewer may be enough
   */
  record Wanted(int workers, Optional<Duration> lookAgain) {}

  /**
   * Takes in what the forecast says now.
   *
   * @param replicas the workers that the pool asks for now: what is known of the time before the
   *     first look
   * @return empty, if there is no forecast
   */
  Optional<Wanted> take(
      String pool, Autoscaling scaling, OptionalInt recommended, int replicas, Instant now) {
    if (recommended.isEmpty()) {
      lately.remove(pool);
      return Optional.empty();
    }
    int asked = Math.clamp(recommended.getAsInt(), scaling.minReplicas(), scaling.maxReplicas());
    int before = Math.clamp(replicas, scaling.minReplicas(), scaling.maxReplicas());
    Deque<Asked> all =
        lately.computeIfAbsent(pool, _ -> new ArrayDeque<>(List.of(new Asked(now, before))));
    synchronized (all) {
      // What was asked for last was asked for until now.
      if (!all.isEmpty()) {
        all.addLast(new Asked(now, all.removeLast().workers()));
      }
      Instant since = now.minus(scaling.scaleDownStabilization());
      while (!all.isEmpty() && !all.getFirst().until().isAfter(since)) {
        all.removeFirst();
      }
      // What was asked for earlier, and is less, cannot be the most again.
      while (!all.isEmpty() && all.getLast().workers() <= asked) {
        all.removeLast();
      }
      all.addLast(new Asked(now, asked));
      Asked most = all.getFirst();
      return Optional.of(
          new Wanted(
              most.workers(),
              most.workers() == asked
                  ? Optional.empty()
                  : Optional.of(Duration.between(since, most.until()))));
    }
  }

  void forget(String pool) {
    lately.remove(pool);
  }
}
