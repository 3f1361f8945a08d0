package dev.ballast.dispatch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which jobs may start something now: by priority, then by weight, within their limits. While turns
 * are strict, a job gets no more slots than its weight is worth, and starts a task only while it is
 * hardly ahead of the one that was served least (start-time fair queueing, Goyal et al. 1996). What
 * the strict turns leave free is anyone's.
 */
final class Turns {
  static final Turns NONE = new Turns();

  /**
   * Share of its last task that a job may be ahead by and still start another: a rule with two jobs
   * to choose from finds better places. With a whole task a job would be two ahead at times.
   */
  private static final double LEAD = 0.25;

  private final List<JobRecord> level = new ArrayList<>();
  private int priority;
  private boolean strict;
  private double weights;
  private int slots;

  /** The priorities that have something to run, the highest first. */
  List<Integer> begin(Collection<JobRecord> jobs) {
    List<Integer> priorities = new ArrayList<>();
    for (JobRecord job : jobs) {
      boolean backlogged = !job.ended() && !job.paused() && !job.lanes.isEmpty();
      if (backlogged && !priorities.contains(job.spec.priority())) {
        priorities.add(job.spec.priority());
      }
      if (!backlogged) {
        job.backlogged = false;
      }
    }
    priorities.sort((a, b) -> Integer.compare(b, a));
    return priorities;
  }

  /** Only jobs of that priority may start something from now on. */
  void at(int ofPriority, Collection<JobRecord> jobs) {
    priority = ofPriority;
    strict = true;
    level.clear();
    double least = Double.POSITIVE_INFINITY;
    weights = 0;
    for (JobRecord job : jobs) {
      if (!job.ended()
          && !job.paused()
          && !job.lanes.isEmpty()
          && job.spec.priority() == priority) {
        level.add(job);
        weights += weight(job);
        least = job.backlogged ? Math.min(least, job.served) : least;
      }
    }
    for (JobRecord job : level) {
      if (!job.backlogged) {
        // Whoever had nothing to run has no claim to what others got meanwhile.
        job.backlogged = true;
        job.served = least < Double.POSITIVE_INFINITY ? Math.max(job.served, least) : job.served;
        job.lastServed = 0;
      }
    }
  }

  /** Whether more than one job may run something. */
  boolean contended() {
    return level.size() > 1;
  }

  /** From now on whoever can use a free slot may. */
  void relax() {
    strict = false;
  }

  /** Turns are strict again. */
  void tighten() {
    strict = true;
  }

  boolean mayStart(Collection<Lane> lanes) {
    double least = least();
    for (Lane lane : lanes) {
      if (!lane.tasks.isEmpty() && mayStart(lane.tasks.first().job, least) && isNext(lane)) {
        return true;
      }
    }
    return false;
  }

  /** The task whose turn it is among those of a group. */
  TaskRecord next(Collection<Lane> lanes, TaskRecord otherwise) {
    @Nullable TaskRecord best = null;
    double least = least();
    for (Lane lane : lanes) {
      TaskRecord task = lane.tasks.isEmpty() ? null : lane.tasks.first();
      if (task != null
          && mayStart(task.job, least)
          && isNext(lane)
          && (best == null || before(task, best))) {
        best = task;
      }
    }
    return best == null ? otherwise : best;
  }

  /** What a job was given turned out to take another time. */
  static void took(JobRecord job, double expectedSeconds, double seconds) {
    job.served += (seconds - expectedSeconds) / weight(job);
  }

  /** From now on it is about so many places, some of them before a slot. */
  void places(int all) {
    slots = all;
  }

  /** The job was given a task that is expected to take so long. */
  void served(JobRecord job, double seconds) {
    job.lastServed = seconds / weight(job);
    job.served += job.lastServed;
  }

  private static boolean before(TaskRecord a, TaskRecord b) {
    if (a.job == b.job) {
      return a.rank < b.rank;
    }
    double first = a.job.served;
    double second = b.job.served;
    return first < second || (first == second && a.job.order < b.job.order);
  }

  private boolean mayStart(JobRecord job, double least) {
    if (job.ended() || job.paused() || job.atLimit() || job.spec.priority() != priority) {
      return false;
    }
    if (!strict || level.size() < 2) {
      return true;
    }
    return job.active < Math.ceil(weight(job) / weights * slots)
        && job.served <= least + LEAD * job.lastServed;
  }

  /** What the job was served that was served least, of those that could go on. */
  private double least() {
    double least = Double.POSITIVE_INFINITY;
    for (JobRecord job : level) {
      if (!job.lanes.isEmpty() && !job.atLimit()) {
        least = Math.min(least, job.served);
      }
    }
    return least;
  }

  /** Browsers that are compared go through the cells of their job in one order. */
  private boolean isNext(Lane lane) {
    return !strict
        || lane.key.browser().isEmpty()
        || lane.tasks.first().job.front(lane.key.browser().get()) == lane;
  }

  private static double weight(JobRecord job) {
    return Math.max(1, job.spec.weight());
  }
}
