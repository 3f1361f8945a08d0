package dev.ballast.operator.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which workers come, and which go, in what order and how many at a time. */
class PoolPlanTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final String WANTED = "wanted";
  private static final String OLD = "old";

  private static PoolWorker worker(String name) {
    return new PoolWorker(
        name,
        "uid-" + name,
        WANTED,
        NOW.minusSeconds(3600),
        true,
        false,
        false,
        Optional.empty(),
        Optional.empty(),
        0,
        true,
        true,
        Optional.empty());
  }

  private static PoolWorker of(String name, String hash) {
    return with(worker(name), hash, worker(name).createdAt(), true, Optional.empty(), 0);
  }

  private static PoolWorker busy(String name, int tasks) {
    return with(worker(name), WANTED, worker(name).createdAt(), true, Optional.empty(), tasks);
  }

  private static PoolWorker unready(PoolWorker one) {
    return with(one, one.hash(), one.createdAt(), false, Optional.empty(), 0);
  }

  private static PoolWorker createdAgo(String name, int seconds) {
    return with(worker(name), WANTED, NOW.minusSeconds(seconds), true, Optional.empty(), 0);
  }

  private static PoolWorker leavingFor(String name, Duration since, int tasks) {
    return with(
        worker(name), WANTED, worker(name).createdAt(), true, Optional.of(NOW.minus(since)), tasks);
  }

  private static PoolWorker with(
      PoolWorker one,
      String hash,
      Instant createdAt,
      boolean ready,
      Optional<Instant> drainingSince,
      int tasks) {
    return new PoolWorker(
        one.name(),
        one.uid(),
        hash,
        createdAt,
        ready,
        false,
        false,
        drainingSince,
        Optional.empty(),
        tasks,
        true,
        drainingSince.isEmpty(),
        Optional.empty());
  }

  private static PoolPlan plan(int replicas, PoolWorker... workers) {
    return PoolPlan.towards(
        new PoolPlan.Target("pool", replicas, WANTED, PATIENCE), List.of(workers), NOW);
  }

  private static List<String> names(List<PoolWorker> workers) {
    return workers.stream().map(PoolWorker::name).toList();
  }

  @Test
  void whatIsMissingGetsTheLowestFreeNames() {
    PoolPlan plan = plan(4, worker("pool-0"), worker("pool-2"));

    assertThat(plan.create()).containsExactly("pool-1", "pool-3");
    assertThat(plan.mark()).isEmpty();
  }

  @Test
  void aNameIsFreeOnlyWhenItsPodIsGone() {
    PoolWorker going =
        new PoolWorker(
            "pool-0",
            "uid",
            WANTED,
            NOW,
            true,
            false,
            true,
            Optional.empty(),
            Optional.empty(),
            0,
            true,
            false,
            Optional.empty());

    PoolPlan plan = plan(1, going);

    assertThat(plan.create()).containsExactly("pool-1");
    assertThat(plan.delete()).as("it goes already").isEmpty();
  }

  @Test
  void theIdleGoFirstThenThoseWithTheFewestTasks() {
    PoolWorker[] all = {busy("pool-0", 3), busy("pool-1", 1), busy("pool-2", 0), busy("pool-3", 2)};

    assertThat(names(plan(3, all).mark())).containsExactly("pool-2");
    assertThat(names(plan(1, all).mark())).containsExactly("pool-2", "pool-1", "pool-3");
  }

  @Test
  void ofEquallyBusyOnesTheOldestGoes() {
    assertThat(
            names(
                plan(
                        1,
                        createdAgo("pool-0", 10),
                        createdAgo("pool-1", 30),
                        createdAgo("pool-2", 20))
                    .mark()))
        .containsExactly("pool-1", "pool-2");
  }

  @Test
  void whoServesNobodyIsMissedLeastAndTheOutdatedNext() {
    PoolWorker[] all = {
      worker("pool-0"), of("pool-1", OLD), unready(worker("pool-2")), worker("pool-3")
    };

    assertThat(names(plan(2, all).mark())).containsExactly("pool-2", "pool-1");
  }

  @Test
  void aRolloutTakesAQuarterAwayAtATime() {
    PoolWorker[] eight = new PoolWorker[8];
    Arrays.setAll(eight, number -> of("pool-" + number, OLD));

    assertThat(plan(8, eight).mark()).hasSize(2);
    assertThat(plan(3, of("pool-0", OLD), of("pool-1", OLD), of("pool-2", OLD)).mark())
        .as("at least one, or a small pool would never change")
        .hasSize(1);
  }

  @Test
  void aRolloutWaitsForThoseThatAreAway() {
    List<PoolWorker> eight = new ArrayList<>();
    for (int number = 0; number < 6; number++) {
      eight.add(of("pool-" + number, OLD));
    }
    eight.add(unready(worker("pool-6"))); // new, and still starting
    eight.add(leavingFor("pool-7", Duration.ofSeconds(5), 1));

    PoolPlan plan = plan(8, eight.toArray(PoolWorker[]::new));

    assertThat(plan.mark()).isEmpty();
    assertThat(plan.create()).containsExactly("pool-8");
  }

  @Test
  void anOutdatedOneThatServesNobodyIsReplacedAtOnce() {
    assertThat(
            names(
                plan(3, unready(of("pool-0", OLD)), unready(of("pool-1", OLD)), of("pool-2", OLD))
                    .mark()))
        .containsExactly("pool-0", "pool-1");
  }

  @Test
  void whoStillRunsSomethingIsNotDeleted() {
    PoolPlan plan =
        plan(
            0,
            leavingFor("pool-0", Duration.ofMinutes(9), 1),
            leavingFor("pool-1", Duration.ofMinutes(9), 0));

    assertThat(names(plan.delete())).containsExactly("pool-1");
    assertThat(plan.overdue()).isEmpty();
    assertThat(plan.lookAgain()).contains(Duration.ofMinutes(1));
  }

  /** Nothing runs there, but dispatch may still place something. */
  @Test
  void whoIsMarkedIsDrainedBeforeItIsDeleted() {
    PoolWorker marked =
        new PoolWorker(
            "pool-0",
            "uid",
            WANTED,
            NOW,
            true,
            false,
            false,
            Optional.of(NOW),
            Optional.empty(),
            0,
            true,
            true,
            Optional.empty());

    PoolPlan plan = plan(0, marked);

    assertThat(names(plan.drain())).containsExactly("pool-0");
    assertThat(plan.delete()).isEmpty();
  }

  @Test
  void theEndOfPatienceIsOverdue() {
    PoolPlan plan = plan(0, leavingFor("pool-0", PATIENCE, 2));

    assertThat(names(plan.overdue())).containsExactly("pool-0");
    assertThat(plan.delete()).isEmpty();
  }

  /** While no pod may be made, those that leave still leave. */
  @Test
  void withoutNewPodsTheRestGoesOn() {
    PoolPlan plan =
        plan(
            3,
            worker("pool-0"),
            leavingFor("pool-1", Duration.ofMinutes(1), 0),
            leavingFor("pool-2", PATIENCE, 1));

    assertThat(plan.create()).hasSize(2);
    assertThat(plan.withoutNew().create()).isEmpty();
    assertThat(names(plan.withoutNew().delete())).containsExactly("pool-1");
    assertThat(names(plan.withoutNew().overdue())).containsExactly("pool-2");
    assertThat(plan.withoutNew().isUnderWay()).isFalse();
  }

  @Test
  void asItShouldBeThereIsNothingToDo() {
    PoolPlan plan = plan(2, busy("pool-0", 1), worker("pool-1"));

    assertThat(plan).isEqualTo(PoolPlan.NOTHING);
  }
}
