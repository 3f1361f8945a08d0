package dev.ballast.cli.report;

import dev.ballast.cli.report.ReportData.Unplaceable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tasks that wait for the same reason: repetitions of one cell, as a rule. */
public record UnplaceableGroup(Unplaceable first, int count) {

  /** In the order of their first tasks. */
  public static List<UnplaceableGroup> of(List<Unplaceable> tasks) {
    Map<List<Object>, UnplaceableGroup> groups = new LinkedHashMap<>();
    for (Unplaceable task : tasks) {
      groups.merge(
          List.of(task.model(), task.backend(), task.browser(), task.code(), task.message()),
          new UnplaceableGroup(task, 1),
          (group, one) -> new UnplaceableGroup(group.first(), group.count() + 1));
    }
    return List.copyOf(groups.values());
  }

  /** For example {@code silero-vad webnn any browser ×2}. */
  public String label(String between) {
    return String.join(
            between,
            first.model(),
            first.backend().map(Object::toString).orElse("any backend"),
            first.browser().map(Object::toString).orElse("any browser"))
        + (count > 1 ? " ×" + count : "");
  }

  public String code() {
    return first.code();
  }

  public String message() {
    return first.message();
  }
}
