package dev.ballast.worker;

import dev.ballast.model.AttemptId;
import dev.ballast.model.AttemptReport;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reports that the controller has not acknowledged; they are sent with every exchange until it
 * does.
 */
final class Outbox {
  /** At most this many in one exchange, so that a message stays small after a long time apart. */
  private static final int BATCH = 64;

  private final Map<AttemptId, AttemptReport> pending = new LinkedHashMap<>();

  synchronized void add(AttemptReport report) {
    pending.put(report.result().attemptId(), report);
  }

  synchronized List<AttemptReport> batch() {
    return pending.values().stream().limit(BATCH).toList();
  }

  synchronized boolean acknowledge(Collection<AttemptId> attempts) {
    return pending.keySet().removeAll(attempts);
  }

  synchronized boolean isEmpty() {
    return pending.isEmpty();
  }
}
