package dev.ballast.server.outlook;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was forecast of each pool lately, and what came: so that a forecast can be judged by whoever
 * looks at it. For any thread.
 */
public final class Retrospect {
  /** A point is kept for so long. */
  public static final Duration KEPT = Duration.ofMinutes(15);

  private final SortedMap<String, Deque<Point>> pools = new TreeMap<>();

  /**
   * One moment of a pool.
   *
   * @param used share of the slots that were busy since the point before, 0–1; absent without slots
   * @param ahead how far the forecast looks: it is of {@code at} + {@code ahead}
   * @param forecast demand for slots then ÷ slots, 0 or more, by quantile (0–1); empty without one
   */
  public record Point(
      Instant at, OptionalDouble used, Duration ahead, SortedMap<Double, Double> forecast) {}

  synchronized void add(String pool, Point point) {
    Deque<Point> points = pools.computeIfAbsent(pool, _ -> new ArrayDeque<>());
    points.addLast(point);
    while (points.getFirst().at().isBefore(point.at().minus(KEPT))) {
      points.removeFirst();
    }
  }

  synchronized void forget(String pool) {
    pools.remove(pool);
  }

  /** By name of the pool, the oldest point first. */
  public synchronized SortedMap<String, List<Point>> pools() {
    SortedMap<String, List<Point>> copy = new TreeMap<>();
    pools.forEach((pool, points) -> copy.put(pool, List.copyOf(points)));
    return copy;
  }
}
