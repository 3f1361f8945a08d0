package dev.ballast.dispatch;

import dev.ballast.balancer.WaitReason;
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

  /** What rules out every browser of the fleet, by the last look at it; null: nothing does. */
  @Nullable WaitReason blocked;

  /** The state of the fleet by which that was found; -1: none yet. */
  long judged = -1;

  /** Its group on the balancer's board, and the board that this is a number of. */
  int group;

  long board = -1;

  Lane(Key key) {
    this.key = key;
  }

  boolean unplaceable() {
    return blocked != null && blocked.unplaceable();
  }
}
