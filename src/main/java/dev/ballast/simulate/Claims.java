package dev.ballast.simulate;

import dev.ballast.balancer.schedule.Policy;
import dev.ballast.simulate.workload.Builtin;
import dev.ballast.simulate.workload.Traffic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What Ballast's ancestor claimed and never measured: measured, by one seed. */
public final class Claims {
  /** Replications of each workload. */
  public static final int REPLICATIONS = 30;

  /** The seed of all of them. */
  public static final long SEED = 1;

  /** Per replication, where the workload leaves it open: enough for 20 per slot. */
  private static final int TASKS = 1000;

  private static final String LEAST_LOADED = "least-loaded";
  private static final String STATIC_AFFINITY = "static-affinity";
  private static final String THRESHOLD_STEALING = "threshold-stealing";
  private static final String SATURATED = "seed-mix, all at time 0";
  private static final String STEADY = "seed-mix, load 0.85";

  /**
   * One claim.
   *
   * @param says the ancestor's words
   * @param workload where it is measured
   * @param against the policy it is measured against
   * @param target ours ÷ theirs as claimed, at its least demanding
   */
  public record Claim(
      String name, String says, String metric, String workload, String against, double target) {
    boolean lowerIsBetter() {
      return target < 1;
    }
  }

  /**
   * A claim beside what was measured.
   *
   * @param ratio ours ÷ theirs, paired; absent when theirs is 0
   * @param possible the best ratio that any policy could reach, where that is known
   */
  public record Finding(
      Claim claim,
      Interval ours,
      Interval theirs,
      Optional<Interval> ratio,
      Optional<Double> possible) {
    /** Whether the whole interval is at least as good as the claim. */
    public boolean met() {
      return ratio
          .map(seen ->
              claim.lowerIsBetter()
                  ? seen.high95() <= claim.target()
                  : seen.low95() >= claim.target())
          .orElse(false);
    }
  }

  private static final List<Claim> ALL =
      List.of(
          new Claim(
              "load distribution",
              "25–30 % better",
              "loadImbalance",
              STEADY,
              STATIC_AFFINITY,
              0.75),
          new Claim(
              "browser utilization",
              "15–20 % better",
              "capabilityUtilization",
              SATURATED,
              LEAST_LOADED,
              1.15),
          new Claim(
              "task migration",
              "40 % fewer",
              "unnecessaryMigrationsPerTask",
              STEADY,
              THRESHOLD_STEALING,
              0.6),
          new Claim(
              "matching precision", "35 % better", "matchedRatio", STEADY, LEAST_LOADED, 1.35),
          new Claim("peak load", "20 % lower", "peakLoadSeconds", "burst", LEAST_LOADED, 0.8),
          new Claim("recovery", "30 % faster", "recoverySeconds", "flaky", LEAST_LOADED, 0.7),
          new Claim("memory", "22 % less", "peakMemoryMiB", STEADY, LEAST_LOADED, 0.78),
          new Claim(
              "throughput of audio",
              "55 % more",
              "throughputPerSecond.audio",
              SATURATED,
              LEAST_LOADED,
              1.55),
          new Claim(
              "throughput of vision",
              "20 % more",
              "throughputPerSecond.vision",
              SATURATED,
              LEAST_LOADED,
              1.2),
          new Claim(
              "throughput of text-embedding",
              "35 % more",
              "throughputPerSecond.text-embedding",
              SATURATED,
              LEAST_LOADED,
              1.35));

  private Claims() {}

  /** Measures them all, over {@link #REPLICATIONS}; takes some seconds. */
  public static List<Finding> measure() {
    return measure(REPLICATIONS);
  }

  /** The same over only so many replications. */
  public static List<Finding> measure(int replications) {
    Map<String, Results> results = new LinkedHashMap<>();
    List<Finding> findings = new ArrayList<>();
    for (Claim claim : ALL) {
      Results measured =
          results.computeIfAbsent(claim.workload(), workload -> run(workload, replications));
      findings.add(
          new Finding(
              claim,
              measured.metric(Policies.OURS, claim.metric()).orElseThrow(),
              measured.metric(claim.against(), claim.metric()).orElseThrow(),
              measured.ratio(Policies.OURS, claim.against(), claim.metric()),
              possible(claim, measured)));
    }
    return findings;
  }

  private static Results run(String workload, int replications) {
    Builtin source =
        switch (workload) {
          case STEADY -> Builtin.find("seed-mix").orElseThrow().withTasks(TASKS);
          case SATURATED ->
              Builtin.find("seed-mix").orElseThrow().with(Traffic.BATCH).withTasks(TASKS);
          case "flaky" -> Builtin.find(workload).orElseThrow().withTasks(TASKS);
          default -> Builtin.find(workload).orElseThrow();
        };
    List<String> needed =
        ALL.stream()
            .filter(claim -> claim.workload().equals(workload))
            .map(Claim::against)
            .distinct()
            .toList();
    List<Policy> policies =
        Policies.all().stream()
            .filter(policy -> policy.name().equals(Policies.OURS) || needed.contains(policy.name()))
            .toList();
    return new Experiment(source, policies, SEED, replications, false, Stopwatch.STOPPED).run();
  }

  private static Optional<Double> possible(Claim claim, Results measured) {
    return switch (claim.metric()) {
      // Work done per time is the best possible when the makespan is that of the linear programme.
      case "capabilityUtilization" ->
          measured.metric(claim.against(), "makespanToBound").map(Interval::mean);
      // Nobody can act on a loss before it is noticed.
      case "recoverySeconds" ->
          measured
              .metric(claim.against(), claim.metric())
              .map(seen -> Conditions.of(SEED, 0, false).detectionSeconds() / seen.mean());
      case "matchedRatio" ->
          measured.metric(claim.against(), claim.metric()).map(seen -> 1 / seen.mean());
      default ->
          claim.metric().startsWith("throughputPerSecond.")
              ? measured.metric(claim.against(), "makespanToBound").map(Interval::mean)
              : Optional.empty();
    };
  }
}
