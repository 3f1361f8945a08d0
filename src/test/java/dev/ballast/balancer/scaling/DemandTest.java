package dev.ballast.balancer.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ballast.balancer.PoolOutlook;
import dev.ballast.balancer.forecast.MultiServerQueue;
import dev.ballast.model.ModelFamily;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class DemandTest {
  private static final Aim AIM = new Aim(2, 0.9, 30, 0);

  @Test
  void nothingToDoNeedsNobody() {
    assertThat(new Demand(0, 4, 0.5, 0).slots(AIM)).isZero();
  }

  @Property(tries = 200)
  void slotsReachTheAimAndOneFewerWouldNot(
      @ForAll @DoubleRange(min = 0.01, max = 40) double rate,
      @ForAll @DoubleRange(min = 0.1, max = 30) double seconds,
      @ForAll @DoubleRange(max = 1) double variation) {
    int slots = new Demand(rate, seconds, variation, 0).slots(AIM);

    assertThat(wait(rate, seconds, variation, slots)).isLessThanOrEqualTo(2);
    if (slots > 1) {
      assertThat(wait(rate, seconds, variation, slots - 1)).isGreaterThan(2);
    }
  }

  private static double wait(double rate, double seconds, double variation, int slots) {
    return new MultiServerQueue(rate, seconds, variation, slots).waitQuantileSeconds(0.95);
  }

  @Test
  void aBacklogIsDrainedInTime() {
    // 300 tasks of 4 s in 30 s are 40 slots, and a few against waits.
    assertThat(new Demand(0, 4, 0, 300).slots(AIM)).isBetween(41, 50);
  }

  @Test
  void fewerWorkersAreWantedOnlyOnceFewerWereEnoughForAWhile() {
    var stabilizer = new Stabilizer(60);

    assertThat(stabilizer.take(0, 5)).isEqualTo(5);
    assertThat(stabilizer.take(10, 8)).isEqualTo(8);
    assertThat(stabilizer.take(60, 2)).isEqualTo(8);
    assertThat(stabilizer.take(71, 2)).isEqualTo(2);
  }

  @Test
  void theLeadTimeIsMeasuredFromTheWishToTheWorker() {
    var lead = new LeadTime(30);
    for (int i = 0; i < 40; i++) {
      lead.observe(100 * i, 3, 2);
      lead.observe(100 * i + 12, 3, 3);
    }

    assertThat(lead.seconds()).isCloseTo(12, within(0.1));
  }

  private static void tick(PoolForecast pool) {
    for (double now = 0; now < PoolForecast.TICK_SECONDS; now += PoolForecast.STEP_SECONDS) {
      pool.step();
    }
  }

  @Test
  void aSurpriseCountsBeforeItsTickIsOver() {
    var pool = new PoolForecast(4);
    for (int tick = 0; tick < 60; tick++) {
      pool.arrived(ModelFamily.AUDIO, 10);
      tick(pool);
    }
    assertThat(pool.demand(AIM, 20, 0).arrivalsPerSecond()).isLessThan(3);

    pool.arrived(ModelFamily.AUDIO, 40);
    pool.step();

    assertThat(pool.demand(AIM, 20, 0).arrivalsPerSecond()).isEqualTo(10);
  }

  @Test
  void whatIsSeenIsTheFloorOfWhatIsForetold() {
    var pool = new PoolForecast(4);
    for (int tick = 0; tick < 60; tick++) {
      pool.arrived(ModelFamily.AUDIO, 1);
      tick(pool);
    }
    for (int tick = 0; tick < 3; tick++) {
      pool.arrived(ModelFamily.AUDIO, 100);
      tick(pool);
    }

    assertThat(pool.demand(AIM, 30, 0).arrivalsPerSecond()).isGreaterThanOrEqualTo(10);
    PoolOutlook told = pool.outlook(PoolOutlook.NONE, AIM, 30, 8, 2, 0);
    assertThat(told.recommended().orElseThrow()).isGreaterThanOrEqualTo(20);
    assertThat(told.forecastUtilization()).containsOnlyKeys(0.1, 0.5, 0.9);
    assertThat(told.forecastErrorRatio()).isPresent();
  }

  @Test
  void arrivalsKeepNoMoreThanTheShareOfSlotsBusyThatIsWanted() {
    Demand demand = new Demand(100, 4, 0.5, 0);

    assertThat(demand.slots(AIM.withUtilization(0.5))).isEqualTo(800);
    assertThat(demand.slots(AIM)).isBetween(401, 500);
  }
}
