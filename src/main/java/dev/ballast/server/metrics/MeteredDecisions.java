package dev.ballast.server.metrics;

import dev.ballast.balancer.Decision;
import dev.ballast.dispatch.DecisionWatch;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** Counts and times what is decided. */
public final class MeteredDecisions implements DecisionWatch {
  /** The reason under which a decision for a browser is counted. */
  static final String PLACED = "placed";

  private final Meter.MeterProvider<Counter> decisions;
  private final Timer took;
  private final String name;

  /** Of the decision before, or of when the look began; all decisions are made on one thread. */
  private long before;

  /** {@code name}: of the policy, for example {@code browser-aware}. */
  public MeteredDecisions(String name, MeterRegistry registry) {
    this.name = name;
    decisions = EventMetrics.counter(Metric.DECISIONS).withRegistry(registry);
    took = Buckets.DECISION.timer(Metric.DECISION).register(registry);
  }

  @Override
  public void looking() {
    before = System.nanoTime();
  }

  @Override
  public void decided(Decision decision) {
    long now = System.nanoTime();
    took.record(now - before, TimeUnit.NANOSECONDS);
    before = now;
    String reason =
        switch (decision) {
          case Decision.Placed _ -> PLACED;
          case Decision.Waits waits -> waits.reason().code();
        };
    decisions.withTags(Tags.of("policy", name, "reason", reason)).increment();
  }
}
