package dev.ballast.operator.pool;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The next steps towards what a pool should be. A worker leaves in three steps: it is marked, which
 * also tells every later look that it counts no more; dispatch drains it; and it is deleted when
 * nothing runs there, or its time is over.
 *
 * @param create names of pods to make
 * @param mark workers to be asked to leave
 * @param drain marked workers that dispatch does not drain yet
 * @param delete workers with nothing to lose
 * @param overdue workers whose drain took too long; what runs there runs again elsewhere
 * @param lookAgain when the next drain is overdue
 */
record PoolPlan(
    List<String> create,
    List<PoolWorker> mark,
    List<PoolWorker> drain,
    List<PoolWorker> delete,
    List<PoolWorker> overdue,
    Optional<Duration> lookAgain) {

  /** There is nothing to do, or nothing that could be done. */
  static final PoolPlan NOTHING =
      new PoolPlan(List.of(), List.of(), List.of(), List.of(), List.of(), Optional.empty());

  /** What a pool should be. */
  record Target(String pool, int replicas, String hash, Duration drainTimeout) {
    /** Workers that a rollout may have away at a time: a quarter, as a Deployment's. */
    int maxUnavailable() {
      return Math.max(1, replicas / 4);
    }
  }

  /**
   * Who is asked to leave first: those that serve nobody, then the outdated, the idle, those with
   * the fewest tasks, and of these the oldest.
   */
  private static Comparator<PoolWorker> leastMissed(String hash) {
    return Comparator.comparing((PoolWorker worker) -> worker.ready() && worker.joined())
        .thenComparing(worker -> worker.isCurrent(hash))
        .thenComparingInt(PoolWorker::tasks)
        .thenComparing(PoolWorker::createdAt)
        .thenComparing(PoolWorker::name);
  }

  static PoolPlan towards(Target target, List<PoolWorker> workers, Instant now) {
    List<PoolWorker> staying =
        new ArrayList<>(workers.stream().filter(PoolWorker::staying).toList());
    staying.sort(leastMissed(target.hash()));
    int surplus = staying.size() - target.replicas();
    List<PoolWorker> mark =
        surplus > 0 ? List.copyOf(staying.subList(0, surplus)) : outdated(target, staying);
    List<PoolWorker> leaving =
        workers.stream().filter(worker -> worker.leaving() && !worker.terminating()).toList();
    List<PoolWorker> overdue =
        leaving.stream()
            .filter(worker -> worker.tasks() > 0 && !left(worker, target, now).isPositive())
            .toList();
    return new PoolPlan(
        names(target, workers, -surplus),
        mark,
        leaving.stream().filter(PoolWorker::bindable).toList(),
        workers.stream()
            .filter(worker -> !worker.terminating())
            .filter(worker -> worker.ended() || (worker.leaving() && harmless(worker)))
            .toList(),
        overdue,
        leaving.stream()
            .filter(worker -> worker.tasks() > 0 && !overdue.contains(worker))
            .map(worker -> left(worker, target, now))
            .min(Comparator.naturalOrder()));
  }

  /** Nothing runs there, and nothing can begin to. */
  private static boolean harmless(PoolWorker worker) {
    return worker.tasks() == 0 && !worker.bindable();
  }

  /**
   * The outdated and the worn that may be replaced now. Those that serve nobody anyway may always;
   * of the others only as many that no more than {@link Target#maxUnavailable} are away.
   */
  private static List<PoolWorker> outdated(Target target, List<PoolWorker> staying) {
    long serving = staying.stream().filter(PoolWorker::ready).count();
    long mayGo = target.maxUnavailable() - (target.replicas() - serving);
    List<PoolWorker> chosen = new ArrayList<>();
    for (PoolWorker worker : staying) {
      if (worker.isCurrent(target.hash())) {
        continue;
      }
      if (!worker.ready()) {
        chosen.add(worker);
      } else if (mayGo > 0) {
        chosen.add(worker);
        mayGo--;
      }
    }
    return chosen;
  }

  private static Duration left(PoolWorker worker, Target target, Instant now) {
    return Duration.between(now, worker.drainingSince().orElse(now).plus(target.drainTimeout()));
  }

  /** The lowest free numbers: the same look at the same pool always gives the same names. */
  private static List<String> names(Target target, List<PoolWorker> workers, int missing) {
    Set<String> taken =
        workers.stream().map(PoolWorker::name).collect(Collectors.toCollection(TreeSet::new));
    List<String> names = new ArrayList<>();
    for (int number = 0; names.size() < missing; number++) {
      String name = target.pool() + "-" + number;
      if (!taken.contains(name)) {
        names.add(name);
      }
    }
    return names;
  }

  /** All of it that makes no pod. */
  PoolPlan withoutNew() {
    return new PoolPlan(List.of(), mark, drain, delete, overdue, lookAgain);
  }

  boolean deletes() {
    return !delete.isEmpty() || !overdue.isEmpty();
  }

  /** Whether the step after this one has to be asked for. */
  boolean isUnderWay() {
    return !create.isEmpty() || !mark.isEmpty() || !drain.isEmpty();
  }
}
