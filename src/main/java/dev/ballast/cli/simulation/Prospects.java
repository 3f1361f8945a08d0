package dev.ballast.cli.simulation;

import dev.ballast.simulate.Results;
import dev.ballast.simulate.forecast.Evaluation;
import dev.ballast.simulate.forecast.Evaluation.Finding;
import dev.ballast.simulate.forecast.Series;
import dev.ballast.simulate.scaling.ScalingCurve;
import dev.ballast.simulate.scaling.ScalingCurve.Point;
import dev.ballast.simulate.workload.Arrivals;
import dev.ballast.simulate.workload.BrowserClass;
import dev.ballast.simulate.workload.Workload;
import java.util.List;
import java.util.Optional;

/**
 * What a forecast would have made of a workload's arrivals, and what it costs to scale a fleet for
 * them; where either says nothing, the reason.
 *
 * @param tickSeconds length of a tick of the forecast
 */
public record Prospects(
    Optional<Finding> forecast,
    double tickSeconds,
    String noForecast,
    List<Point> scaling,
    String noScaling) {
  private static final int TICKS = 150;
  private static final int MOST_TASKS = 20_000;
  private static final int MOST_BROWSERS = 300;
  private static final int SHORTEST_SECONDS = 120;
  private static final int MOST_REPLICATIONS = 3;

  public Prospects {
    scaling = List.copyOf(scaling);
  }

  /** Nothing is looked into. */
  public static Prospects none(String reason) {
    return new Prospects(Optional.empty(), 0, reason, List.of(), reason);
  }

  /** Runs the fleet of the experiment under each rule that scales; takes some seconds. */
  public static Prospects of(Results results) {
    Workload workload = results.first().orElse(null);
    if (workload == null || results.wasStopped()) {
      return none("The simulation was interrupted.");
    }
    double span = span(workload.arrivals());
    double tick = Math.max(0.5, Math.ceil(2 * span / TICKS) / 2);
    boolean lasts = span >= Evaluation.SHORTEST * tick;
    String noScaling = noScaling(workload, span);
    return new Prospects(
        lasts ? Optional.of(forecast(workload.arrivals(), span, tick)) : Optional.empty(),
        tick,
        lasts ? "" : all(span) + ": there is nothing to forecast.",
        noScaling.isEmpty()
            ? ScalingCurve.of(
                results.experiment().source(),
                results.experiment().seed(),
                Math.min(MOST_REPLICATIONS, results.replications()))
            : List.of(),
        noScaling);
  }

  private static String all(double span) {
    return span == 0
        ? "All tasks come at once"
        : "All tasks come within %s s".formatted(Figures.shown(span));
  }

  private static double span(Arrivals arrivals) {
    return arrivals.size() == 0 ? 0 : arrivals.seconds(arrivals.size() - 1);
  }

  private static Finding forecast(Arrivals arrivals, double span, double tick) {
    double[] counts = new double[(int) (span / tick)];
    for (int task = 0; task < arrivals.size(); task++) {
      int at = (int) (arrivals.seconds(task) / tick);
      // The last tick is not over.
      if (at < counts.length) {
        counts[at]++;
      }
    }
    return Evaluation.of(new Series("Forecast", counts, 0));
  }

  private static String noScaling(Workload workload, double span) {
    int browsers = workload.browsers().stream().mapToInt(BrowserClass::count).sum();
    if (span < SHORTEST_SECONDS) {
      return all(span) + ", and a browser takes 20 s to come up: there is nothing to scale.";
    }
    if (workload.arrivals().size() > MOST_TASKS || browsers > MOST_BROWSERS) {
      return "Drawn for up to %,d tasks and %d browsers; here are %,d and %,d."
          .formatted(MOST_TASKS, MOST_BROWSERS, workload.arrivals().size(), browsers);
    }
    return "";
  }
}
