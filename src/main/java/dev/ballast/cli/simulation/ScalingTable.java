package dev.ballast.cli.simulation;

import dev.ballast.simulate.Interval;
import dev.ballast.simulate.scaling.ScalingCurve;
import dev.ballast.simulate.scaling.ScalingCurve.Point;
import java.util.List;

/** Cost against waits, for people; the last line says whether ours is on or below the others. */
public final class ScalingTable {
  private ScalingTable() {}

  public static String of(String workload, long seed, int replications, List<Point> points) {
    StringBuilder text =
        new StringBuilder(
            "%s, scaled: seed %d, %d replications, browsers come up in 20 s%n%n"
                .formatted(workload, seed, replications));
    text.append(
        "%-12s %-18s %22s %22s %16s%n"
            .formatted("rule", "knob", "worker-hours", "p95 wait s", "ours there, s"));
    long others = 0;
    long matched = 0;
    for (Point point : points) {
      boolean ours = point.rule().equals(ScalingCurve.OURS);
      others += ours ? 0 : 1;
      matched += !ours && ScalingCurve.matched(points, point) ? 1 : 0;
      text.append(
          "%-12s %-18s %22s %22s %16s%n"
              .formatted(
                  point.rule(),
                  point.knob(),
                  shown(point.workerHours()),
                  shown(point.p95WaitSeconds()),
                  ours
                      ? ""
                      : Figures.shown(ScalingCurve.oursAt(points, point.workerHours().mean()))));
    }
    return text.append(
            "%nours is on or below %d of %d points of the others%n".formatted(matched, others))
        .toString();
  }

  private static String shown(Interval figure) {
    double half = figure.high95() - figure.mean();
    return Figures.shown(figure.mean()) + (half > 0 ? " ± " + Figures.shown(half) : "");
  }
}
