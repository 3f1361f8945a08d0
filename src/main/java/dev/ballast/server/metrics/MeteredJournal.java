package dev.ballast.server.metrics;

import dev.ballast.dispatch.Decided;
import dev.ballast.dispatch.Event;
import dev.ballast.dispatch.Journal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Counts and times what another journal makes durable. */
public final class MeteredJournal implements Journal {
  private final Journal journal;
  private final Timer took;
  private final Counter events;
  private final Counter failures;

  public MeteredJournal(Journal journal, MeterRegistry registry) {
    this.journal = journal;
    took = Buckets.COMMIT.timer(Metric.COMMIT).register(registry);
    events = EventMetrics.counter(Metric.JOURNAL_EVENTS).register(registry);
    failures = EventMetrics.counter(Metric.JOURNAL_FAILURES).register(registry);
  }

  @Override
  public void append(List<Event> batch, List<Decided> decisions) {
    long start = System.nanoTime();
    try {
      journal.append(batch, decisions);
    } catch (RuntimeException e) {
      failures.increment();
      throw e;
    }
    if (!batch.isEmpty()) {
      took.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
      events.increment(batch.size());
    }
  }

  @Override
  public void replay(Consumer<Event> reader) {
    journal.replay(reader);
  }

  @Override
  public void snapshot(List<Event> state) {
    journal.snapshot(state);
  }

  @Override
  public long nextEpoch() {
    return journal.nextEpoch();
  }
}
