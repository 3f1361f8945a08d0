package dev.ballast.dispatch;

import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Tasks that wait: in the lanes of their jobs, or aside while they back off. */
final class TaskQueue {
  private final Alarm alarm;
  private final PriorityQueue<Delayed> delayed =
      new PriorityQueue<>(
          Comparator.comparing(Delayed::until)
              .thenComparingLong(entry -> entry.task().job.order)
              .thenComparingInt(entry -> entry.task().index));
  private final Floor floor;
  private boolean lookDue;

  private record Delayed(Instant until, TaskRecord task) {}

  TaskQueue(Floor floor, Alarm alarm) {
    this.floor = floor;
    this.alarm = alarm;
  }

  /** Something changed that may give a waiting task its place. */
  void lookAgain() {
    lookDue = true;
  }

  /** Whether a look for places is due; it counts as taken. */
  boolean takeLook() {
    boolean due = lookDue;
    lookDue = false;
    return due;
  }

  void add(TaskRecord task) {
    if (task.state instanceof TaskState.Waiting(Instant since) && since.isAfter(alarm.now())) {
      delayed.add(new Delayed(since, task));
      alarm.atLatest(since);
      return;
    }
    Lane.Key key =
        new Lane.Key(
            task.modelIndex(),
            task.backend(),
            task.cell().browser(),
            task.avoided(),
            task.outgrownBytes);
    Lane lane = task.job.lanes.computeIfAbsent(key, Lane::new);
    lane.tasks.add(task);
    task.lane = lane;
    task.job.lanesChanged();
    floor.waits(task, lane);
    lookAgain();
  }

  void remove(TaskRecord task) {
    Lane lane = task.lane;
    if (lane != null) {
      lane.tasks.remove(task);
      task.job.lanesChanged();
      floor.leaves(task, lane);
      if (lane.tasks.isEmpty()) {
        task.job.lanes.remove(lane.key);
      }
      task.lane = null;
    }
  }

  /** Brings back those whose backoff is over. */
  void release() {
    while (!delayed.isEmpty() && !delayed.peek().until().isAfter(alarm.now())) {
      TaskRecord task = delayed.remove().task();
      if (task.state instanceof TaskState.Waiting && task.lane == null) {
        add(task);
      }
    }
  }

  void wake() {
    if (!delayed.isEmpty()) {
      alarm.atLatest(delayed.peek().until());
    }
  }
}
