package dev.ballast.dispatch;

import dev.ballast.balancer.schedule.Stealing;
import dev.ballast.model.TaskId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

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
  private final Stealing rule;
  private final Map<TaskId, Double> sooner = new LinkedHashMap<>();

  Relief(Floor floor, Leases leases, Alarm alarm, Stealing rule) {
    this.floor = floor;
    this.leases = leases;
    this.alarm = alarm;
    this.rule = rule;
  }

  /** Asks back what should start elsewhere; it is bound there once its worker has confirmed. */
  void look() {
    for (Stealing.Move move : rule.wanted(floor.board(), floor.times(), this::mayMove)) {
      Lease lease = floor.lease(move.task());
      if (lease != null && mayMove(lease)) {
        move.secondsSooner().ifPresent(seconds -> remember(lease.task.id(), seconds));
        lease.task.movedAt = alarm.now();
        leases.move(lease);
      }
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

  private boolean mayMove(int token) {
    Lease lease = floor.lease(token);
    return lease != null && mayMove(lease);
  }

  private boolean mayMove(Lease lease) {
    Instant before = lease.task.movedAt;
    return lease.delivered
        && !lease.running()
        && !lease.revoked
        && (before == null || !alarm.now().isBefore(before.plus(rule.cooldown())));
  }
}
