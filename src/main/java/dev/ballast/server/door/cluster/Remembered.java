package dev.ballast.server.door.cluster;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.exceptions.FaultToleranceException;

/**
 * What the API server answered, remembered for a while, and for another while when it does not
 * answer.
 */
final class Remembered<T> {
  /** Then what is too old is forgotten, and all of it where that does not help. */
  private static final int MANY = 10_000;

  private final Function<T, Duration> fresh;
  private final Duration whileAway;
  private final InstantSource clock;
  private final Map<String, Answer<T>> answers = new ConcurrentHashMap<>();

  private record Answer<T>(T given, Instant at) {
    boolean isWithin(Duration time, Instant now) {
      return now.isBefore(at.plus(time));
    }
  }

  /**
   * @param fresh an answer is not asked for again within this
   * @param whileAway and is good enough for this, while there is no other
   */
  Remembered(Function<T, Duration> fresh, Duration whileAway, InstantSource clock) {
    this.fresh = fresh;
    this.whileAway = whileAway;
    this.clock = clock;
  }

  /** The remembered answer, or that of {@code question}; throws what it throws. */
  T of(String key, Supplier<T> question) {
    Instant now = clock.instant();
    Answer<T> known = answers.get(key);
    if (known != null && known.isWithin(fresh.apply(known.given()), now)) {
      return known.given();
    }
    T given;
    try {
      given = question.get();
    } catch (Reviews.AwayException | FaultToleranceException e) {
      if (known != null && known.isWithin(whileAway, now)) {
        return known.given();
      }
      throw e;
    }
    makeRoom(now);
    answers.put(key, new Answer<>(given, now));
    return given;
  }

  private void makeRoom(Instant now) {
    if (answers.size() >= MANY) {
      answers.values().removeIf(answer -> !answer.isWithin(whileAway, now));
      if (answers.size() >= MANY) {
        answers.clear();
      }
    }
  }
}
