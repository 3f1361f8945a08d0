package dev.ballast.dispatch;

import dev.ballast.balancer.schedule.Board;
import dev.ballast.balancer.schedule.StealRule;
import dev.ballast.balancer.schedule.Times;
import dev.ballast.model.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Asks tasks back that wait before a slot which does not come free, while another browser has one.
 * Late binding leaves few of them: what was handed out ahead to a browser that turned out slow.
 */
final class Relief {
  /** More moves than are told of at a time. */
  private static final int REMEMBERED = 1_000;

  private final Floor floor;
  private final Leases leases;
  private final Alarm alarm;
  private final StealRule rule = StealRule.DEFAULTS;
  private final Map<TaskId, Double> sooner = new LinkedHashMap<>();

  /** A browser where a task would be done so many seconds sooner. */
  private record Better(int browser, double seconds) {}

  Relief(Floor floor, Leases leases, Alarm alarm) {
    this.floor = floor;
    this.leases = leases;
    this.alarm = alarm;
  }

  /** Asks back what should start elsewhere; it is bound there once its worker has confirmed. */
  void look() {
    if (!floor.hasFreeSlot()) {
      return;
    }
    Board board = floor.board();
    Map<Integer, Integer> promised = new HashMap<>();
    List<Lease> moved = new ArrayList<>();
    for (int browser = 0; browser < board.browsers(); browser++) {
      if (board.bound(browser) > 0) {
        double[] left = left(board, browser);
        int place = 0;
        for (int token = board.firstBound(browser);
            token != Board.NONE;
            token = board.nextBound(token)) {
          Lease lease = floor.lease(token);
          Better better =
              lease == null || !mayMove(lease)
                  ? null
                  : betterThan(browser, board.group(token), left, place, promised);
          if (lease != null && better != null) {
            promised.merge(better.browser(), 1, Integer::sum);
            moved.add(lease);
            remember(lease.task.id(), better.seconds());
          }
          place++;
        }
      }
    }
    for (Lease lease : moved) {
      lease.task.movedAt = alarm.now();
      leases.move(lease);
    }
  }

  /** How many seconds sooner a task is done where the rule has moved it to; as expected then. */
  OptionalDouble secondsSooner(TaskId task) {
    Double seconds = sooner.get(task);
    return seconds == null ? OptionalDouble.empty() : OptionalDouble.of(seconds);
  }

  private void remember(TaskId task, double seconds) {
    sooner.remove(task); // the last one is forgotten last
    sooner.put(task, seconds);
    if (sooner.size() > REMEMBERED) {
      sooner.remove(sooner.keySet().iterator().next());
    }
  }

  private boolean mayMove(Lease lease) {
    Instant before = lease.task.movedAt;
    return lease.delivered
        && !lease.running()
        && !lease.revoked
        && (before == null || !alarm.now().isBefore(before.plus(rule.cooldown())));
  }

  /** When the browser's slots come free, in seconds from now, the first one first. */
  private static double[] left(Board board, int browser) {
    double[] left = new double[board.slots(browser)];
    for (int i = 0; i < board.running(browser); i++) {
      left[i] =
          StealRule.left(
              board.nowSeconds(), board.expectedEndSeconds(board.runningTask(browser, i)));
    }
    Arrays.sort(left);
    return left;
  }

  /** The free browser where the task would be done so much earlier that it pays, or null. */
  private @Nullable Better betterThan(
      int browser, int group, double[] left, int place, Map<Integer, Integer> promised) {
    Board board = floor.board();
    Times times = floor.times();
    double own = seconds(group, browser);
    double stay = left[place % left.length] + (1 + place / left.length) * own;
    int best = Board.NONE;
    double least = Double.POSITIVE_INFINITY;
    for (int pool = 0; pool < board.pools(); pool++) {
      int variant = times.variant(group, pool);
      for (int i = 0; variant >= 0 && i < board.freeBrowsers(pool); i++) {
        int other = board.freeBrowser(pool, i);
        double go = seconds(group, other);
        if (other != browser
            && go < least
            && board.fits(other, variant)
            && board.freeSlots(other) > promised.getOrDefault(other, 0)) {
          least = go;
          best = other;
        }
      }
    }
    return best != Board.NONE && rule.pays(stay, least) ? new Better(best, stay - least) : null;
  }

  private double seconds(int group, int browser) {
    Board board = floor.board();
    Times times = floor.times();
    int pool = board.pool(browser);
    double load =
        board.resident(browser, times.variant(group, pool)) ? 0 : times.loadSeconds(group, pool);
    return times.serviceSeconds(group, pool) + load;
  }
}
