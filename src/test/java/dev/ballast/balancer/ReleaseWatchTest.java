package dev.ballast.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Three models of a family in a browser, known well, whose observations scatter by a quarter. */
class ReleaseWatchTest {
  private static final int RUNS = 400;
  private static final double SCATTER = 0.25;

  /** What became of it: after how many observations of any of them, and by how much on average. */
  private record Found(int observations, OptionalDouble shift) {}

  /** Until a release is found, a model is found to have shifted by itself, or nothing is. */
  private static Found watch(long seed, double... factors) {
    SplittableRandom chance = new SplittableRandom(seed);
    ProfileGrid grid = new ProfileGrid(_ -> 0);
    List<ProfileGrid.Cell> cells = new ArrayList<>();
    for (int model = 0; model < factors.length; model++) {
      ProfileKey key =
          new ProfileKey(
              "m" + model, ModelFamily.AUDIO, BrowserKind.FIREFOX, "1", Backend.WASM, Hardware.CPU);
      cells.add(grid.cell(key, 1));
      for (int i = 0; i < 300; i++) {
        cells.get(model).mean.add(SCATTER * chance.nextGaussian(), SCATTER);
      }
    }
    ReleaseWatch watch = new ReleaseWatch();
    for (int seen = 1; seen <= 100; seen++) {
      int model = seen % factors.length;
      double log = Math.log(factors[model]) + SCATTER * chance.nextGaussian();
      OptionalDouble shift = watch.add(cells.get(model), log, SCATTER);
      if (shift.isPresent() || cells.get(model).mean.add(log, SCATTER)) {
        return new Found(seen, shift);
      }
    }
    return new Found(Integer.MAX_VALUE, OptionalDouble.empty());
  }

  private static List<Found> runs(double... factors) {
    return IntStream.range(0, RUNS).mapToObj(seed -> watch(seed, factors)).toList();
  }

  @Test
  void whatAllOfThemTellIsFoundAfterAFewObservationsOfEach() {
    List<Found> found = runs(1.55, 1.55, 1.55);

    assertThat(found.stream().filter(run -> run.shift().isPresent() && run.observations() <= 12))
        .hasSizeGreaterThan(RUNS * 9 / 10);
    assertThat(found.stream().mapToDouble(run -> run.shift().orElse(0)).average().orElseThrow())
        .isBetween(Math.log(1.45), Math.log(1.75));
  }

  @Test
  void aModelThatShiftsAloneIsNoReleaseThoughTheOthersRunBesideIt() {
    for (double factor : new double[] {1.5, 2, 3, 0.5}) {
      assertThat(runs(factor, 1, 1).stream().filter(run -> run.shift().isPresent()))
          .as("runs that are called a release when one model takes %s times as long", factor)
          .hasSizeLessThan(RUNS / 20);
    }
  }

  @Test
  void scatterIsNoRelease() {
    assertThat(runs(1, 1, 1).stream().filter(run -> run.shift().isPresent()))
        .hasSizeLessThan(RUNS / 20);
  }
}
