package dev.ballast.cli.report;

import dev.ballast.model.AttemptResult;
import dev.ballast.model.TaskId;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Of several attempts of one task the last is its result. */
public final class LastAttempts {
  private LastAttempts() {}

  /** In the order of jobs and indexes. */
  public static List<AttemptResult> of(List<AttemptResult> attempts) {
    Map<TaskId, AttemptResult> last = new LinkedHashMap<>();
    attempts.stream()
        .sorted(Comparator.comparingInt(AttemptResult::attempt))
        .forEach(attempt -> last.put(attempt.attemptId().task(), attempt));
    return last.values().stream()
        .sorted(
            Comparator.comparing(AttemptResult::job)
                .thenComparing(AttemptResult::uid)
                .thenComparingInt(AttemptResult::index))
        .toList();
  }
}
