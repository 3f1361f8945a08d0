package dev.ballast.simulate.stealing;

import dev.ballast.dispatch.Event;
import dev.ballast.model.AttemptId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What became of each task of a run. */
final class Diary {
  private final double[] arrived;
  private final double[] started;
  private final double[] ended;
  private final int[] runs;
  private final int[] accepted;
  private final Map<String, Integer> firstOfJob = new HashMap<>();
  private final Set<AttemptId> begun = new HashSet<>();
  private int open;

  Diary(int tasks) {
    arrived = new double[tasks];
    started = new double[tasks];
    ended = new double[tasks];
    runs = new int[tasks];
    accepted = new int[tasks];
    open = tasks;
  }

  /** A job comes: tasks from that number on. */
  void comes(String job, int first, int count, double seconds) {
    firstOfJob.put(job, first);
    Arrays.fill(arrived, first, first + count, seconds);
  }

  /** A worker starts that attempt; the number of its task. */
  int starts(AttemptId attempt, double seconds) {
    int task = task(attempt);
    begun.add(attempt);
    runs[task]++;
    started[task] = seconds;
    return task;
  }

  /** That became durable. Throws when a task was taken from a worker that had started it. */
  void durable(Event event, double seconds) {
    if (event instanceof Event.AttemptEnded end) {
      int task = task(end.result().attemptId());
      ended[task] = seconds;
      open -= accepted[task]++ == 0 ? 1 : 0;
    } else if (event instanceof Event.AttemptReturned back && begun.contains(back.attempt())) {
      throw new IllegalStateException(
          "%s was taken back, and its worker had started it".formatted(back.attempt()));
    }
  }

  /** Whether a task has no result yet. */
  boolean isOpen() {
    return open > 0;
  }

  /** {@code migrations}: bound attempts that were given back to be bound elsewhere. */
  Figures figures(long migrations) {
    int tasks = arrived.length;
    double[] waits = new double[tasks];
    double sojourns = 0;
    long doubled = 0;
    int done = 0;
    for (int task = 0; task < tasks; task++) {
      doubled += Math.max(0, runs[task] - 1) + Math.max(0, accepted[task] - 1);
      if (accepted[task] > 0) {
        waits[done++] = started[task] - arrived[task];
        sojourns += ended[task] - arrived[task];
      }
    }
    waits = Arrays.copyOf(waits, done);
    Arrays.sort(waits);
    double p99 = done == 0 ? Double.NaN : waits[(int) Math.ceil(0.99 * done) - 1];
    return new Figures(sojourns / done, p99, (double) migrations / tasks, tasks - done, doubled);
  }

  private int task(AttemptId attempt) {
    Integer first = firstOfJob.get(attempt.task().job());
    if (first == null) {
      throw new IllegalStateException("%s is of no job that came".formatted(attempt));
    }
    return first + attempt.task().index();
  }
}
