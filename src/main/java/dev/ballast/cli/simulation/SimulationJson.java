package dev.ballast.cli.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ballast.simulate.Interval;
import dev.ballast.simulate.Policies;
import dev.ballast.simulate.Results;

/** The one JSON object of a simulation. */
public final class SimulationJson {
  private static final double TAIL = 0.95;

  private SimulationJson() {}

  public static String of(Results results) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("workload", results.experiment().source().name());
    root.put("simulated", true);
    root.put("seed", results.experiment().seed());
    root.put("replications", results.replications());
    root.put("knownTimes", results.experiment().knownTimes());
    root.put("complete", !results.wasStopped());
    ObjectNode bound = root.putObject("lowerBound");
    number(bound, "makespanSeconds", results.lowerMakespanSeconds());
    number(bound, "meanSojournSeconds", results.lowerMeanSojournSeconds());
    bound.put("method", results.boundMethod());
    ObjectNode policies = root.putObject("policies");
    for (String policy : results.policies()) {
      ObjectNode figures = policies.putObject(policy);
      for (String metric : results.metrics()) {
        results
            .metric(policy, metric)
            .ifPresent(interval -> {
              ObjectNode node = interval(figures.putObject(metric), "mean", interval);
              if (metric.endsWith("ToBound")) {
                results.quantile(policy, metric, TAIL).ifPresent(tail -> number(node, "p95", tail));
              }
            });
      }
    }
    ObjectNode paired = root.putObject("paired");
    for (String policy : results.policies()) {
      if (policy.equals(Policies.OURS) || !results.policies().contains(Policies.OURS)) {
        continue;
      }
      ObjectNode ratios = paired.putObject(Policies.OURS + " vs " + policy);
      for (String metric : results.metrics()) {
        results
            .ratio(Policies.OURS, policy, metric)
            .ifPresent(ratio -> interval(ratios.putObject(metric), "ratio", ratio));
      }
    }
    try {
      return JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(root)
          + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("figures can't be written as JSON", e);
    }
  }

  private static ObjectNode interval(ObjectNode node, String middle, Interval interval) {
    number(node, middle, interval.mean());
    number(node, "low95", interval.low95());
    number(node, "high95", interval.high95());
    return node;
  }

  /** What is unknown (an interval of one replication) is null. */
  private static void number(ObjectNode node, String field, double value) {
    if (Double.isFinite(value)) {
      node.put(field, Figures.written(value));
    } else {
      node.putNull(field);
    }
  }
}
