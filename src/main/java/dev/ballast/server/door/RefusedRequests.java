package dev.ballast.server.door;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Counts what was turned away at the door, by a bounded set of reasons. */
@Singleton
class RefusedRequests {
  /** Name for Micrometer; Prometheus adds {@code _total}. */
  static final String NAME = "ballast.requests.refused";

  private final MeterRegistry registry;

  @Inject
  RefusedRequests(MeterRegistry registry) {
    this.registry = registry;
  }

  void count(Guard.Refusal refusal) {
    Counter.builder(NAME)
        .description("Requests that were turned away at the door: by token, origin, size or rate")
        .tag("reason", refusal.type())
        .register(registry)
        .increment();
  }
}
