package dev.ballast.worker;

import dev.ballast.model.AttemptId;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The attempts a worker was given lately: a repeated assignment must not run twice. Not safe for
 * several threads.
 */
final class RecentAttempts {
  private final int capacity;
  private final Set<AttemptId> attempts = new LinkedHashSet<>();

  RecentAttempts(int capacity) {
    this.capacity = capacity;
  }

  /** Whether the attempt was new. */
  boolean add(AttemptId attempt) {
    if (!attempts.add(attempt)) {
      return false;
    }
    if (attempts.size() > capacity) {
      attempts.remove(attempts.iterator().next());
    }
    return true;
  }
}
