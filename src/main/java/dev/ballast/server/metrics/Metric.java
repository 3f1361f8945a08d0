package dev.ballast.server.metrics;

import java.util.List;
import java.util.Locale;

/** Every metric that Ballast itself exposes, with all it may be labelled with. */
public enum Metric {
  ATTEMPTS(
      "ballast_attempts_total",
      Type.COUNTER,
      "Attempts that ended, once their end was durable",
      "browser",
      "family",
      "backend",
      "outcome"),
  BREAKER_COMBINATIONS(
      "ballast_breaker_combinations_open",
      Type.GAUGE,
      "Families × backends that are kept away from the whole pool",
      "pool"),
  BREAKER_STATE(
      "ballast_breaker_state",
      Type.GAUGE,
      "Workers by the state of their circuit breaker (closed, half-open, open)",
      "pool",
      "state"),
  ACTIVE_MODELS(
      "ballast_browser_active_models",
      Type.GAUGE,
      "Models that run now in the pool's browsers",
      "pool",
      "browser"),
  BUSY_SLOTS(
      "ballast_browser_busy_slots",
      Type.GAUGE,
      "Slots in which an attempt runs",
      "pool",
      "browser"),
  FORECAST(
      "ballast_browser_forecast_utilization_ratio",
      Type.GAUGE,
      "Demand for slots a lead time ahead ÷ slots; absent without a forecast",
      "pool",
      "quantile"),
  MEMORY(
      "ballast_browser_memory_bytes",
      Type.GAUGE,
      "Memory of the pool's browsers (proportional set size), of those that measured it",
      "pool",
      "browser"),
  RESIDENT_MODELS(
      "ballast_browser_resident_models",
      Type.GAUGE,
      "Models that are loaded in the pool's browsers",
      "pool",
      "browser"),
  SLOTS("ballast_browser_slots", Type.GAUGE, "Slots of the pool's browsers", "pool", "browser"),
  UTILIZATION(
      "ballast_browser_utilization_ratio",
      Type.GAUGE,
      "Share of slot time spent on attempts lately, mean over the browsers that measured it",
      "pool",
      "browser"),
  DATA_FREE("ballast_data_free_bytes", Type.GAUGE, "Space left on the disk of the data directory"),
  DATA_SIZE("ballast_data_size_bytes", Type.GAUGE, "Size of that disk"),
  DECISION(
      "ballast_decision_seconds",
      Type.HISTOGRAM,
      "Time the balancer took to place a task, or to find that it must wait"),
  DECISIONS(
      "ballast_decisions_total",
      Type.COUNTER,
      "Answers of the balancer: placed, or the code of why the task must wait",
      "policy",
      "reason"),
  DISPATCH_READY(
      "ballast_dispatch_ready",
      Type.GAUGE,
      "1 while commands are accepted, 0 while the journal cannot be used"),
  EVENT_READERS(
      "ballast_event_readers", Type.GAUGE, "Readers of the event stream that are connected"),
  FORECAST_ERROR(
      "ballast_forecast_error_ratio",
      Type.GAUGE,
      "Error of late forecasts ÷ that of saying \"as now\"; absent without a forecast",
      "pool"),
  FORECAST_TRUSTED(
      "ballast_forecast_trusted",
      Type.GAUGE,
      "1 while scaling follows the forecast, 0 while it only reacts; absent without a forecast",
      "pool"),
  JOBS("ballast_jobs", Type.GAUGE, "Jobs that are kept", "state"),
  JOBS_ACCEPTED("ballast_jobs_accepted_total", Type.COUNTER, "Jobs accepted"),
  JOBS_ENDED("ballast_jobs_ended_total", Type.COUNTER, "Jobs that came to their end", "end"),
  COMMIT(
      "ballast_journal_commit_seconds", Type.HISTOGRAM, "Time to make a batch of events durable"),
  JOURNAL_EVENTS("ballast_journal_events_total", Type.COUNTER, "Events made durable"),
  JOURNAL_FAILURES(
      "ballast_journal_failures_total",
      Type.COUNTER,
      "Batches that could not be made durable; their commands were refused"),
  MEASUREMENTS(
      "ballast_measurements_total",
      Type.COUNTER,
      "Attempts that succeeded, each once, by what their measurement is worth",
      "level"),
  MIGRATIONS(
      "ballast_migrations_total",
      Type.COUNTER,
      "Moves of bound attempts: completed, started (it ran already), timed-out",
      "outcome"),
  REPLICAS(
      "ballast_pool_replicas",
      Type.GAUGE,
      "Workers of the pool: ready, and where somebody says so desired and recommended",
      "pool",
      "kind"),
  OLDEST(
      "ballast_queue_oldest_seconds",
      Type.GAUGE,
      "How long the task has waited that waits longest for a place it could have; absent when none"
          + " waits"),
  REQUESTS_REFUSED(
      "ballast_requests_refused_total",
      Type.COUNTER,
      "Requests that were turned away at the door: by token, origin, size or rate",
      "reason"),
  REFUSED(
      "ballast_results_refused_total",
      Type.COUNTER,
      "Results from no holder of a lease: late, repeated, or of an older epoch"),
  RUN(
      "ballast_task_run_seconds",
      Type.HISTOGRAM,
      "From the worker's start on an attempt to its end, of attempts that succeeded",
      "browser",
      "family"),
  WAIT(
      "ballast_task_wait_seconds",
      Type.HISTOGRAM,
      "From a task's arrival in the queue to the worker's start on it, told when the attempt ends",
      "browser",
      "family"),
  TASKS(
      "ballast_tasks",
      Type.GAUGE,
      "Tasks of the jobs that are kept, each in one state: waiting, backing-off, unplaceable,"
          + " bound, running, succeeded, failed, dropped",
      "state"),
  VERDICTS(
      "ballast_verdicts_total",
      Type.COUNTER,
      "Reasons of verdicts on attempts that succeeded; one with two reasons counts under both, a"
          + " trusted one under none",
      "level",
      "reason"),
  WORKERS("ballast_workers", Type.GAUGE, "Workers of the pool", "pool", "state");

  private final String series;
  private final Type type;
  private final String help;

  @SuppressWarnings("ImmutableEnumChecker") // List.of makes one that never changes
  private final List<String> labels;

  /** As Prometheus knows them. */
  public enum Type {
    COUNTER,
    GAUGE,
    HISTOGRAM;

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  Metric(String series, Type type, String help, String... labels) {
    this.series = series;
    this.type = type;
    this.help = help;
    this.labels = List.of(labels);
  }

  /**
   * The name as it is scraped; a histogram adds {@code _bucket}, {@code _sum} and {@code _count}.
   */
  public String series() {
    return series;
  }

  public Type type() {
    return type;
  }

  public String help() {
    return help;
  }

  public List<String> labels() {
    return labels;
  }

  /** The name that Micrometer makes {@link #series} of: it adds unit and suffix itself. */
  String meter() {
    return switch (type) {
      case COUNTER -> series.substring(0, series.length() - "_total".length());
      case HISTOGRAM -> series.substring(0, series.length() - "_seconds".length());
      case GAUGE -> series;
    };
  }
}
