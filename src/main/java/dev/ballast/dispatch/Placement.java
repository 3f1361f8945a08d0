package dev.ballast.dispatch;

import dev.ballast.balancer.Candidate;
import dev.ballast.balancer.Decision;
import dev.ballast.balancer.Factor;
import dev.ballast.balancer.PlacementSettings;
import dev.ballast.balancer.PoolTimes;
import dev.ballast.balancer.TaskView;
import dev.ballast.balancer.WaitReason;
import dev.ballast.model.AttemptId;
import dev.ballast.model.TaskId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Asks the balancer what to start where, and gives it to the workers. This is the only place where
 * it is asked.
 */
final class Placement {
  /** The newest decisions, for whoever asks at once; the journal keeps them for later. */
  private static final int DECISIONS_REMEMBERED = 1_000;

  private final Floor floor;
  private final Turns turns = new Turns();
  private final Explanation explanation;
  private final Relief relief;
  private final Ledger ledger;
  private final Roster roster;
  private final Leases leases;
  private final TaskQueue queue;
  private final DispatchSettings settings;
  private final Map<TaskId, Decision.Placed> decisions = new LinkedHashMap<>();
  private List<Decided> decided = new ArrayList<>();
  private DecisionWatch watch = DecisionWatch.NONE;
  private long epoch;

  Placement(
      Floor floor,
      Ledger ledger,
      Roster roster,
      Leases leases,
      TaskQueue queue,
      DispatchSettings settings,
      PlacementSettings rule,
      Alarm alarm) {
    this.floor = floor;
    this.relief = new Relief(floor, leases, alarm, rule.stealing());
    this.explanation = new Explanation(floor);
    this.ledger = ledger;
    this.roster = roster;
    this.leases = leases;
    this.queue = queue;
    this.settings = settings;
    floor.open(turns, this::bind);
  }

  void watch(DecisionWatch decisions) {
    watch = decisions;
  }

  /** What the look left waiting, kind by kind. */
  private void tellWaiting() {
    for (JobRecord job : ledger.open()) {
      if (!job.ended() && !job.paused()) {
        for (Lane lane : job.lanes.values()) {
          WaitReason reason = lane.blocked == null ? new WaitReason.QueuedBehind(0) : lane.blocked;
          watch.decided(new Decision.Waits(reason, List.of()));
        }
      }
    }
  }

  void reign(long newEpoch) {
    epoch = newEpoch;
  }

  /** Binds what finds a place, if anything changed since the last look. */
  void place() {
    if (!queue.takeLook()) {
      return;
    }
    watch.looking();
    floor.refresh(ledger, roster);
    judge();
    int slots = slots();
    for (int priority : turns.begin(ledger.open())) {
      turns.at(priority, ledger.open());
      turns.places(slots);
      boolean more = floor.decide() > 0;
      while (more && turns.contended()) {
        more = floor.decide() > 0;
      }
      if (floor.hasFreeSlot()) {
        turns.relax();
        floor.decide();
        turns.tighten();
      }
      turns.places(slots + settings.prefetch() * floor.board().browsers());
      floor.bindAhead(settings.prefetch());
    }
    relief.look();
    judge();
    tellWaiting();
  }

  private int slots() {
    int slots = 0;
    for (int c = 0; c < floor.board().pools(); c++) {
      slots += floor.board().poolSlots(c);
    }
    return slots;
  }

  /** Finds out which lanes no browser of the fleet can run. */
  private void judge() {
    for (JobRecord job : ledger.open()) {
      if (job.ended() || job.paused()) {
        continue;
      }
      for (Lane lane : job.lanes.values()) {
        int group = floor.group(lane);
        if (lane.judged != floor.version() && group >= 0) {
          lane.judged = floor.version();
          job.lanesChanged();
          lane.blocked =
              floor.times().runsSomewhere(group)
                  ? null
                  : PoolTimes.blocked(floor.times().group(group), roster.fleet()).orElse(null);
        }
      }
    }
  }

  private void bind(TaskRecord task, int token, int group, int browser) {
    Decision.Placed placed = explanation.of(group, floor.board().arrivalSeconds(token), browser);
    AttemptId attempt = leases.bind(task, placed, epoch);
    Map<Factor, Double> seconds = placed.chosen().seconds();
    turns.served(
        task.job,
        seconds.getOrDefault(Factor.AFFINITY, 0.0)
            + seconds.getOrDefault(Factor.HISTORY, 0.0)
            + seconds.getOrDefault(Factor.LOAD, 0.0));
    decided.add(new Decided(attempt, placed));
    remember(task.id(), placed);
    watch.decided(placed);
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

  /** What was expected of the last move of that task, if the rule moved it. */
  OptionalDouble secondsSooner(TaskId task) {
    return relief.secondsSooner(task);
  }

  /** What a waiting task could be given to; empty when nothing can take it. */
  List<Candidate> candidates(TaskRecord task) {
    int group = task.lane == null ? -1 : floor.group(task.lane);
    return group < 0 || task.token < 0
        ? List.of()
        : explanation.candidates(group, floor.board().arrivalSeconds(task.token));
  }

  /** Where such a task would go now. */
  Decision score(TaskView task) {
    floor.refresh(ledger, roster);
    Optional<WaitReason> blocked = PoolTimes.blocked(task, roster.fleet());
    if (blocked.isPresent()) {
      return new Decision.Waits(blocked.get(), List.of());
    }
    int group = floor.groupOf(task);
    List<Candidate> candidates = explanation.candidates(group, floor.board().nowSeconds());
    Optional<Candidate> best = candidates.stream().filter(Candidate::free).findFirst();
    return best.<Decision>map(chosen -> new Decision.Placed(chosen, candidates))
        .orElseGet(() ->
            new Decision.Waits(
                new WaitReason.QueuedBehind(floor.board().waiting(group)), candidates));
  }

  private void remember(TaskId task, Decision.Placed decision) {
    decisions.put(task, decision);
    if (decisions.size() > DECISIONS_REMEMBERED) {
      decisions.remove(decisions.keySet().iterator().next());
    }
  }
}
