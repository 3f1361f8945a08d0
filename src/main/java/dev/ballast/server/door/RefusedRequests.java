package dev.ballast.server.door;

import dev.ballast.server.form.Answers;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Counts what was turned away at the door, by a bounded set of reasons. */
@Singleton
class RefusedRequests {
  /** Name for Micrometer; Prometheus adds {@code _total}. */
  static final String NAME = "ballast.requests.refused";

  private final MeterRegistry registry;
  private final Answers answers;

  @Inject
  RefusedRequests(MeterRegistry registry, Answers answers) {
    this.registry = registry;
    this.answers = answers;
  }

  /** Counts it, and says why. */
  void answer(RoutingContext context, Guard.Refusal refusal) {
    count(refusal);
    answers.refuse(context, refusal.status(), refusal.type(), refusal.message());
  }

  void count(Guard.Refusal refusal) {
    Counter.builder(NAME)
        .description("Requests that were turned away at the door: by token, origin, size or rate")
        .tag("reason", refusal.type())
        .register(registry)
        .increment();
  }
}
