package dev.ballast.simulate.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.simulate.FleetSize.Sight;
import dev.ballast.simulate.scaling.ScalingCurve.Point;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each rule does what its source states. */
class ScalingRulesTest {
  private static Sight sight(double now, double waiting, int busy, int ready) {
    return new Sight(now, 0, waiting, busy, ready, 2);
  }

  @Test
  void hpaStaysWithinItsToleranceAndWaitsFiveMinutesBeforeItShrinks() {
    Horizontal hpa = Horizontal.byUtilization(0.5);

    assertThat(hpa.wanted(sight(0, 0, 10, 10))).isEqualTo(10);
    assertThat(hpa.wanted(sight(15, 0, 20, 10))).isEqualTo(20);
    assertThat(hpa.wanted(sight(300, 0, 1, 20))).isEqualTo(20);
    assertThat(hpa.wanted(sight(330, 0, 1, 20))).isEqualTo(1);
  }

  @Test
  void kedaDividesTheQueueAndGrowsAtMostTwofold() {
    Horizontal keda = Horizontal.byQueue(2);

    assertThat(keda.wanted(sight(0, 2, 14, 4))).isEqualTo(8);
    assertThat(keda.wanted(sight(15, 1000, 16, 10))).isEqualTo(20);
  }

  @Test
  void knativePanicsAtTwiceWhatIsReadyAndThenDoesNotShrinkForAMinute() {
    Knative knative = new Knative(1);
    for (int now = 0; now <= 60; now += 2) {
      assertThat(knative.wanted(sight(now, 0, 8, 4))).isEqualTo(4);
    }

    int panicking = 0;
    for (int now = 62; now <= 68; now += 2) {
      panicking = knative.wanted(sight(now, 100, 8, 4));
    }
    assertThat(panicking).isEqualTo(54);
    for (int now = 70; now <= 120; now += 2) {
      assertThat(knative.wanted(sight(now, 0, 8, 54))).isEqualTo(54);
    }
  }

  @Test
  void everyPointIsMeasuredAndTheMostExpensiveSettingWaitsLeast() {
    List<Point> points = ScalingCurve.of("burst", 1, 1);

    assertThat(points).hasSize(25);
    List<Point> ours =
        points.stream().filter(point -> point.rule().equals(ScalingCurve.OURS)).toList();
    assertThat(ours.getFirst().workerHours().mean())
        .isGreaterThan(ours.getLast().workerHours().mean());
    assertThat(ours.getFirst().p95WaitSeconds().mean())
        .isLessThan(ours.getLast().p95WaitSeconds().mean());
    assertThat(points)
        .filteredOn(point -> point.rule().equals(ScalingCurve.OURS))
        .allMatch(point -> ScalingCurve.matched(points, point));
  }
}
