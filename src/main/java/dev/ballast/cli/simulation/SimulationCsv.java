package dev.ballast.cli.simulation;

import dev.ballast.simulate.Interval;
import dev.ballast.simulate.Policies;
import dev.ballast.simulate.Results;

/** Figures and paired ratios, one a line. */
public final class SimulationCsv {
  private SimulationCsv() {}

  public static String of(Results results) {
    StringBuilder text = new StringBuilder("workload,policy,versus,metric,mean,low95,high95\n");
    for (String policy : results.policies()) {
      for (String metric : results.metrics()) {
        results
            .metric(policy, metric)
            .ifPresent(interval -> line(text, results, policy, "", metric, interval));
      }
    }
    for (String policy : results.policies()) {
      if (!policy.equals(Policies.OURS) && results.policies().contains(Policies.OURS)) {
        for (String metric : results.metrics()) {
          results
              .ratio(Policies.OURS, policy, metric)
              .ifPresent(ratio -> line(text, results, Policies.OURS, policy, metric, ratio));
        }
      }
    }
    return text.toString();
  }

  private static void line(
      StringBuilder text,
      Results results,
      String policy,
      String versus,
      String metric,
      Interval interval) {
    text.append(
        String.join(
            ",",
            quoted(results.experiment().source().name()),
            policy,
            versus,
            metric,
            number(interval.mean()),
            number(interval.low95()),
            number(interval.high95())));
    text.append('\n');
  }

  private static String quoted(String name) {
    return name.matches("[^\",\\r\\n]*") ? name : '"' + name.replace("\"", "\"\"") + '"';
  }

  private static String number(double value) {
    return Double.isFinite(value) ? Double.toString(Figures.written(value)) : "";
  }
}
