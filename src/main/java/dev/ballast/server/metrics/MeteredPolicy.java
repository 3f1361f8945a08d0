package dev.ballast.server.metrics;

import dev.ballast.balancer.Decision;
import dev.ballast.balancer.Fleet;
import dev.ballast.balancer.PlacementPolicy;
import dev.ballast.balancer.TaskView;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** Counts and times what another policy decides. */
public final class MeteredPolicy implements PlacementPolicy {
  /** The reason under which a decision for a browser is counted. */
  static final String PLACED = "placed";

  private final PlacementPolicy policy;
  private final Meter.MeterProvider<Counter> decisions;
  private final Timer took;
  private final String name;

  /** {@code name}: of the policy, for example {@code browser-aware}. */
  public MeteredPolicy(PlacementPolicy policy, String name, MeterRegistry registry) {
    this.policy = policy;
    this.name = name;
    decisions = EventMetrics.counter(Metric.DECISIONS).withRegistry(registry);
    took = Buckets.DECISION.timer(Metric.DECISION).register(registry);
  }

  @Override
  public Decision place(TaskView task, Fleet fleet) {
    long start = System.nanoTime();
    Decision decision = policy.place(task, fleet);
    took.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
    String reason =
        switch (decision) {
          case Decision.Placed _ -> PLACED;
          case Decision.Waits waits -> waits.reason().code();
        };
    decisions.withTags(Tags.of("policy", name, "reason", reason)).increment();
    return decision;
  }
}
