package dev.ballast.dispatch;

import dev.ballast.balancer.Decision;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.WorkerId;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Waiting tasks that are alike to the balancer: one decision speaks for all of them. */
final class Lane {
  /** What makes tasks of one job alike. */
  record Key(
      int model,
      Optional<Backend> backend,
      Optional<BrowserKind> browser,
      Set<WorkerId> avoid,
      long outgrownBytes) {}

  final Key key;
  final TreeSet<TaskRecord> tasks =
      new TreeSet<>(Comparator.comparingInt((TaskRecord task) -> task.rank));

  /** Why its first task waits, by the last look at the fleet. */
  Decision.@Nullable Waits last;

  Lane(Key key) {
    this.key = key;
  }

  boolean unplaceable() {
    return last != null && last.reason().unplaceable();
  }
}
