package dev.ballast.server.metrics;

import dev.ballast.dispatch.Event;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserInstance;
import dev.ballast.model.Outcome;
import dev.ballast.model.Phases;
import dev.ballast.model.Verdict;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

/** Counts what happened. It hears events only once they are durable: nothing is counted twice. */
public final class EventMetrics implements Consumer<Event> {
  /** So many kinds, and so many backends, have series of their own. */
  private static final int OPEN_SET = 12;

  private static final String UNKNOWN = "unknown";

  private final Counter accepted;
  private final Meter.MeterProvider<Counter> ended;
  private final Meter.MeterProvider<Counter> attempts;
  private final Meter.MeterProvider<Counter> measurements;
  private final Meter.MeterProvider<Counter> verdicts;
  private final Meter.MeterProvider<Timer> wait;
  private final Meter.MeterProvider<Timer> run;
  private final Bounded browsers = new Bounded(OPEN_SET);
  private final Bounded backends = new Bounded(OPEN_SET);

  public EventMetrics(MeterRegistry registry) {
    accepted = counter(Metric.JOBS_ACCEPTED).register(registry);
    ended = counter(Metric.JOBS_ENDED).withRegistry(registry);
    attempts = counter(Metric.ATTEMPTS).withRegistry(registry);
    measurements = counter(Metric.MEASUREMENTS).withRegistry(registry);
    verdicts = counter(Metric.VERDICTS).withRegistry(registry);
    wait = Buckets.WAIT.timer(Metric.WAIT).withRegistry(registry);
    run = Buckets.RUN.timer(Metric.RUN).withRegistry(registry);
  }

  static Counter.Builder counter(Metric metric) {
    return Counter.builder(metric.meter()).description(metric.help());
  }

  @Override
  public void accept(Event event) {
    switch (event) {
      case Event.JobAccepted _ -> accepted.increment();
      case Event.JobEnded end ->
          ended.withTag("end", end.end().name().toLowerCase(Locale.ROOT)).increment();
      case Event.AttemptEnded end -> count(end.result());
      case Event.AttemptBound _,
          Event.AttemptReturned _,
          Event.JobChanged _,
          Event.TasksRecalled _,
          Event.JobForgotten _,
          Event.JobRestored _,
          Event.TasksRestored _ -> {
        // The state tells these better.
      }
    }
  }

  private void count(AttemptResult result) {
    BrowserInstance instance = result.browser();
    String browser = instance == null ? UNKNOWN : browsers.of(instance.kind().name());
    Tags place = Tags.of("browser", browser, "family", result.model().family().label());
    attempts
        .withTags(place.and("backend", backend(result), "outcome", result.outcome().label()))
        .increment();
    Phases phases = result.phases();
    if (phases != null) {
      double waited = phases.queue() + phases.placement();
      wait.withTags(place).record(millis(waited));
      if (result.outcome() == Outcome.SUCCEEDED) {
        run.withTags(place).record(millis(phases.total() - waited));
      }
    }
    if (result.outcome() == Outcome.SUCCEEDED) {
      Verdict verdict = result.verdict();
      String level = verdict.level().label();
      measurements.withTag("level", level).increment();
      verdict
          .reasons()
          .forEach(
              reason -> verdicts.withTags("level", level, "reason", reason.label()).increment());
    }
  }

  /** What it ran on, else what was asked for. */
  private String backend(AttemptResult result) {
    Backend actual = result.backend().actual();
    Backend known = actual != null ? actual : result.backend().requested();
    return known == null ? UNKNOWN : backends.of(known.name());
  }

  private static Duration millis(double millis) {
    return Duration.ofNanos(Math.round(millis * 1e6));
  }
}
