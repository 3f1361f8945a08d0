package dev.ballast.dispatch;

import dev.ballast.balancer.Decision;
import dev.ballast.balancer.PlacementPolicy;
import dev.ballast.model.AttemptId;
import dev.ballast.model.TaskId;
import dev.ballast.model.TestModel;
import dev.ballast.model.WorkerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Asks the balancer for places, task by task, until none is found. This is the only place where it
 * is asked.
 */
final class Placement {
  /** The newest decisions, for whoever asks at once; the journal keeps them for later. */
  private static final int DECISIONS_REMEMBERED = 1_000;

  private final PlacementPolicy policy;
  private final Ledger ledger;
  private final Roster roster;
  private final Leases leases;
  private final TaskQueue queue;
  private final Map<TaskId, Decision.Placed> decisions = new LinkedHashMap<>();
  private List<Decided> decided = new ArrayList<>();
  private long epoch;

  Placement(PlacementPolicy policy, Ledger ledger, Roster roster, Leases leases, TaskQueue queue) {
    this.policy = policy;
    this.ledger = ledger;
    this.roster = roster;
    this.leases = leases;
    this.queue = queue;
  }

  void reign(long newEpoch) {
    epoch = newEpoch;
  }

  /** Binds what finds a place, if anything changed since the last look. */
  void place() {
    if (!queue.takeLook()) {
      return;
    }
    List<Turn> turns = new ArrayList<>();
    for (JobRecord job : ledger.jobs()) {
      if (!job.ended() && !job.paused() && !job.lanes.isEmpty()) {
        turns.add(new Turn(job));
      }
    }
    while (!turns.isEmpty()) {
      Turn turn = turns.stream().min(Turn.ORDER).orElseThrow();
      Lane lane = turn.job.atLimit() ? null : turn.lanes.poll();
      if (lane == null) {
        turns.remove(turn);
      } else if (placed(lane) && !lane.tasks.isEmpty()) {
        turn.lanes.add(lane);
      }
    }
  }

  /** What was decided since the last call. */
  List<Decided> drain() {
    List<Decided> drained = decided;
    decided = new ArrayList<>();
    return drained;
  }

  /** How the task was placed last, if that is still remembered. */
  Optional<Decision> decision(TaskId task) {
    return Optional.ofNullable(decisions.get(task));
  }

  private boolean placed(Lane lane) {
    TaskRecord task = lane.tasks.first();
    return switch (policy.place(view(task), roster.fleet())) {
      case Decision.Placed placed -> {
        lane.last = null;
        AttemptId attempt = leases.bind(task, placed, epoch);
        decided.add(new Decided(attempt, placed));
        remember(task.id(), placed);
        yield true;
      }
      case Decision.Waits waits -> {
        lane.last = waits;
        yield false;
      }
    };
  }

  private void remember(TaskId task, Decision.Placed decision) {
    decisions.put(task, decision);
    if (decisions.size() > DECISIONS_REMEMBERED) {
      decisions.remove(decisions.keySet().iterator().next());
    }
  }

  private dev.ballast.balancer.TaskView view(TaskRecord task) {
    TestModel model = task.cell().model();
    return new dev.ballast.balancer.TaskView(
        model.name(),
        model.family(),
        task.job.spec.poolSelector(),
        task.backend(),
        task.cell().browser(),
        task.job.spec.requirements(),
        avoided(task));
  }

  /** A task that ran out of memory goes to a larger browser, where there is one. */
  private Set<WorkerId> avoided(TaskRecord task) {
    Set<WorkerId> avoided = task.avoided();
    if (task.outgrownBytes == 0) {
      return avoided;
    }
    Set<WorkerId> more = new HashSet<>(avoided);
    for (WorkerRecord worker : roster.all()) {
      if (worker.memoryBytes().orElse(Long.MAX_VALUE) <= task.outgrownBytes) {
        more.add(worker.id);
      }
    }
    return more;
  }

  /** A job's part in one round of placement: the lanes that may still find a place. */
  private static final class Turn {
    /** Priority first, then the job that has the least for its weight, then the older one. */
    static final Comparator<Turn> ORDER =
        Comparator.comparingInt((Turn turn) -> -turn.job.spec.priority())
            .thenComparingDouble(
                turn -> (turn.job.active + 1.0) / Math.max(1, turn.job.spec.weight()))
            .thenComparingLong(turn -> turn.job.order);

    final JobRecord job;
    final PriorityQueue<Lane> lanes =
        new PriorityQueue<>(Comparator.comparingInt((Lane lane) -> lane.tasks.first().rank));

    Turn(JobRecord job) {
      this.job = job;
      this.lanes.addAll(job.lanes.values());
    }
  }
}
