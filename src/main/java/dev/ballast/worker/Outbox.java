package dev.ballast.worker;

import dev.ballast.model.AttemptId;
import dev.ballast.model.AttemptReport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reports that the controller has not acknowledged; they are sent with every exchange until it
 * does.
 */
final class Outbox {
  /** At most this many in one exchange, so that a message stays small after a long time apart. */
  private static final int BATCH = 64;

  /** And no more of evidence: the controller refuses what is too large, again and again. */
  private static final long BATCH_CHARACTERS = 8L << 20;

  private final Map<AttemptId, AttemptReport> pending = new LinkedHashMap<>();
  private final OutboxFile file;

  /** With the reports that an earlier life of the worker left in that file. */
  Outbox(OutboxFile file) {
    this.file = file;
    file.read().forEach(report -> pending.put(report.result().attemptId(), report));
  }

  synchronized void add(AttemptReport report) {
    pending.put(report.result().attemptId(), report);
    file.add(report);
  }

  synchronized List<AttemptReport> batch() {
    List<AttemptReport> batch = new ArrayList<>();
    long characters = 0;
    for (AttemptReport report : pending.values()) {
      characters += evidenceCharacters(report);
      if (batch.size() == BATCH || (!batch.isEmpty() && characters > BATCH_CHARACTERS)) {
        break;
      }
      batch.add(report);
    }
    return batch;
  }

  synchronized boolean acknowledge(Collection<AttemptId> attempts) {
    boolean removed = pending.keySet().removeAll(attempts);
    if (removed) {
      file.acknowledged(pending.values());
    }
    return removed;
  }

  synchronized boolean isEmpty() {
    return pending.isEmpty();
  }

  private static long evidenceCharacters(AttemptReport report) {
    AttemptReport.Evidence evidence = report.evidence();
    return evidence == null
        ? 0
        : lengthOf(evidence.console()) + (long) lengthOf(evidence.screenshot());
  }

  private static int lengthOf(@Nullable String text) {
    return text == null ? 0 : text.length();
  }
}
