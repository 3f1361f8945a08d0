package dev.ballast.operator.pool;

import dev.ballast.operator.resource.BrowserPool;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long to wait before a pool gets another pod, after one has come to nothing: twice as long
 * each time, at most 5 min. A changed spec is tried at once.
 */
final class Patience {
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final Duration first;
  private final Map<String, Refusal> refusals = new ConcurrentHashMap<>();

  private record Refusal(
      long generation, PoolWorker.Trouble trouble, Duration pause, Instant until) {}

  /** {@code first}: the first pause. */
  Patience(Duration first) {
    this.first = first;
  }

  /** Whether it is too early to try again. */
  boolean within(BrowserPool pool, Instant now) {
    return left(pool, now).isPresent();
  }

  Optional<Duration> left(BrowserPool pool, Instant now) {
    return present(pool)
        .map(refusal -> Duration.between(now, refusal.until()))
        .filter(Duration::isPositive);
  }

  /** What the last try came to, as long as no other one came to anything. */
  Optional<PoolWorker.Trouble> last(BrowserPool pool) {
    return present(pool).map(Refusal::trouble);
  }

  /** Notes what a try came to. */
  void note(BrowserPool pool, Optional<PoolWorker.Trouble> trouble, Instant now) {
    String uid = pool.getMetadata().getUid();
    if (trouble.isEmpty()) {
      refusals.remove(uid);
    } else if (!within(pool, now)) {
      Duration pause =
          present(pool)
              .map(refusal -> refusal.pause().multipliedBy(2))
              .filter(longer -> longer.compareTo(LONGEST) < 0)
              .orElse(present(pool).isPresent() ? LONGEST : first);
      refusals.put(
          uid,
          new Refusal(pool.getMetadata().getGeneration(), trouble.get(), pause, now.plus(pause)));
    }
  }

  /** The pool is as it should be, or gone. */
  void forget(BrowserPool pool) {
    refusals.remove(pool.getMetadata().getUid());
  }

  private Optional<Refusal> present(BrowserPool pool) {
    return Optional.ofNullable(refusals.get(pool.getMetadata().getUid()))
        .filter(refusal -> refusal.generation() == pool.getMetadata().getGeneration());
  }
}
