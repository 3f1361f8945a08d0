package dev.ballast.simulate.scaling;

import dev.ballast.balancer.aware.BrowserAwareScheduler;
import dev.ballast.balancer.scaling.Aim;
import dev.ballast.simulate.Conditions;
import dev.ballast.simulate.FleetSize;
import dev.ballast.simulate.Interval;
import dev.ballast.simulate.Metrics;
import dev.ballast.simulate.RunLog;
import dev.ballast.simulate.Simulation;
import dev.ballast.simulate.workload.BrowserClass;
import dev.ballast.simulate.workload.Builtin;
import dev.ballast.simulate.workload.Workload;
import dev.ballast.simulate.workload.WorkloadSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * What rules that scale cost, and how long tasks wait with them: each over the settings of its own
 * knob, on the same arrivals, placed by the same browser-aware rule. A browser takes 20 s to come
 * up; there may be three times as many of each kind as the workload has, and a third are there at
 * first.
 */
public final class ScalingCurve {
  /** Workloads that are scaled. */
  public static final List<String> WORKLOADS = List.of("burst", "diurnal");

  /** Ours, by its name. */
  public static final String OURS = "ballast";

  private static final double LEAD_SECONDS = 20;
  private static final int MOST = 3;
  private static final List<Aim> AIMS =
      List.of(
          new Aim(0.5, 0.5, 8, 2),
          new Aim(0.5, 0.5, 8, 1.5),
          new Aim(1, 0.5, 8, 1),
          new Aim(1, 0.5, 8, 0.6),
          new Aim(1, 0.5, 8, 0.3),
          Aim.DEFAULTS,
          new Aim(4, 0.5, 15, 0),
          new Aim(8, 0.5, 30, 0),
          new Aim(30, 0.5, 120, 0),
          new Aim(100, 0.25, 400, 0));

  private ScalingCurve() {}

  /**
   * A setting of a rule.
   *
   * @param knob as people would write it
   * @param workerHours browsers × time, in hours
   * @param p95WaitSeconds 95th percentile of the waits
   */
  public record Point(String rule, String knob, Interval workerHours, Interval p95WaitSeconds) {}

  private record Setting(String rule, String knob, Supplier<ScalingRule> make) {}

  private static List<Setting> settings() {
    List<Setting> all = new ArrayList<>();
    for (Aim aim : AIMS) {
      all.add(
          new Setting(
              OURS,
              "wait %s s, +%.0f %%".formatted(aim.waitSeconds(), 100 * aim.reserveRatio()),
              () -> new Forecasting(aim, LEAD_SECONDS)));
    }
    for (double target : new double[] {0.4, 0.55, 0.7, 0.85, 1}) {
      all.add(new Setting("knative", "target %s".formatted(target), () -> new Knative(target)));
    }
    for (double target : new double[] {1, 1.4, 2, 3, 5}) {
      all.add(
          new Setting(
              "keda queue", "%s a browser".formatted(target), () -> Horizontal.byQueue(target)));
    }
    for (double target : new double[] {0.4, 0.5, 0.65, 0.8, 0.9}) {
      all.add(
          new Setting(
              "hpa", "utilization %s".formatted(target), () -> Horizontal.byUtilization(target)));
    }
    return all;
  }

  /** All points of all rules on one of {@link #WORKLOADS}. */
  public static List<Point> of(String workload, long seed, int replications) {
    Builtin builtin = Builtin.find(workload).orElseThrow();
    return of(builtin, seed, replications);
  }

  /** The same of any workload; its disruptions are left out. */
  public static List<Point> of(WorkloadSource source, long seed, int replications) {
    List<Workload> instances =
        IntStream.range(0, replications)
            .mapToObj(replication -> roomy(source.instance(seed, replication)))
            .toList();
    List<Point> points = new ArrayList<>();
    for (Setting setting : settings()) {
      double[] hours = new double[replications];
      double[] waits = new double[replications];
      for (int i = 0; i < replications; i++) {
        Workload instance = instances.get(i);
        RunLog log =
            Simulation.run(
                instance,
                Conditions.of(seed, i, false),
                BrowserAwareScheduler.POLICY.factory(),
                new Fleet(setting, instance));
        hours[i] = log.workerSeconds() / 3600;
        waits[i] = Objects.requireNonNull(Metrics.of(instance, log).get("p95WaitSeconds"));
      }
      points.add(new Point(setting.rule(), setting.knob(), Interval.of(hours), Interval.of(waits)));
    }
    return points;
  }

  private static Workload roomy(Workload workload) {
    List<BrowserClass> browsers =
        workload.browsers().stream()
            .map(of ->
                new BrowserClass(
                    of.name(),
                    of.kind(),
                    MOST * of.count(),
                    of.slots(),
                    of.memoryMiB(),
                    of.backends()))
            .toList();
    return new Workload(
        workload.name(),
        browsers,
        workload.models(),
        workload.arrivals(),
        List.of(),
        workload.priors());
  }

  /**
   * What ours would make tasks wait at that cost: linear between the points of its own curve; NaN
   * where the curve does not reach.
   */
  public static double oursAt(List<Point> points, double workerHours) {
    List<Point> ours =
        points.stream()
            .filter(point -> point.rule().equals(OURS))
            .sorted(java.util.Comparator.comparingDouble(point -> point.workerHours().mean()))
            .toList();
    if (ours.isEmpty() || workerHours < ours.getFirst().workerHours().mean()) {
      return Double.NaN;
    }
    for (int i = 1; i < ours.size(); i++) {
      double low = ours.get(i - 1).workerHours().mean();
      double high = ours.get(i).workerHours().mean();
      if (workerHours <= high) {
        double share = high == low ? 1 : (workerHours - low) / (high - low);
        double before = ours.get(i - 1).p95WaitSeconds().mean();
        return before + share * (ours.get(i).p95WaitSeconds().mean() - before);
      }
    }
    return ours.getLast().p95WaitSeconds().mean();
  }

  /** Whether a point of another rule is worse than ours or as good: ours is on or below it. */
  public static boolean matched(List<Point> points, Point other) {
    return oursAt(points, other.workerHours().mean()) <= other.p95WaitSeconds().mean();
  }

  /** One rule for each class of browsers. */
  private static final class Fleet implements FleetSize {
    private final List<ScalingRule> rules;
    private final List<BrowserClass> classes;

    Fleet(Setting setting, Workload workload) {
      classes = workload.browsers();
      rules = workload.browsers().stream().map(_ -> setting.make().get()).toList();
    }

    @Override
    public double intervalSeconds() {
      return rules.getFirst().intervalSeconds();
    }

    @Override
    public double leadSeconds() {
      return LEAD_SECONDS;
    }

    @Override
    public int initial(int browserClass) {
      return classes.get(browserClass).count() / MOST;
    }

    @Override
    public int wanted(int browserClass, Sight sight) {
      return rules.get(browserClass).wanted(sight);
    }

    @Override
    public void served(int browserClass, double seconds) {
      rules.get(browserClass).served(seconds);
    }
  }
}
