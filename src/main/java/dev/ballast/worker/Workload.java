package dev.ballast.worker;

import dev.ballast.model.Assignment;
import dev.ballast.model.AttemptId;
import dev.ballast.model.SyncResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one worker: which wait, which run, which it gives back, and whether it takes any
 * more. Slots take from it and the exchange fills it; safe for their threads.
 */
final class Workload {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Assignment> waiting = new ArrayList<>();
  private final Map<AttemptId, CallOff> started = new LinkedHashMap<>();
  private final Set<AttemptId> returned = new LinkedHashSet<>();
  private final RecentAttempts seen = new RecentAttempts(4096);
  private long version = 1;
  private long tasksDone;
  private boolean draining;
  private boolean stopping;

  /** An attempt that a slot runs now, and the way to call it off. */
  record Taken(Assignment assignment, CallOff callOff) {}

  /** All of it at one moment. {@code version} grows with everything the controller should hear. */
  record Held(
      List<AttemptId> started,
      List<AttemptId> notStarted,
      List<AttemptId> returned,
      boolean draining,
      long tasksDone,
      long version) {}

  Held held() {
    lock.lock();
    try {
      return new Held(
          List.copyOf(started.keySet()),
          waiting.stream().map(Assignment::attempt).toList(),
          List.copyOf(returned),
          draining,
          tasksDone,
          version);
    } finally {
      lock.unlock();
    }
  }

  /** The next attempt to run; waits for one. Null when the worker stops. */
  @Nullable Taken take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty() && !stopping) {
        changed.await();
      }
      if (stopping) {
        return null;
      }
      Taken taken = new Taken(waiting.removeFirst(), new CallOff());
      started.put(taken.assignment().attempt(), taken.callOff());
      news();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** The attempt runs no more; its report is in the outbox already. */
  void ended(AttemptId attempt) {
    change(() -> {
      started.remove(attempt);
      tasksDone++;
    });
  }

  /** Does as the controller says; {@code told} is what it said that to. */
  void follow(Held told, SyncResponse response) {
    lock.lock();
    try {
      told.returned().forEach(returned::remove);
      for (Assignment assignment : response.assignments()) {
        if (seen.add(assignment.attempt())) {
          waiting.add(assignment);
          news();
        }
      }
      for (AttemptId revoked : response.revocations()) {
        // The answer that assigned it may come later still: it must not start then.
        seen.add(revoked);
        if (forgetWaiting(revoked) || !started.containsKey(revoked)) {
          returned.add(revoked);
          news();
        }
      }
      for (AttemptId cancelled : response.cancellations()) {
        CallOff running = started.get(cancelled);
        if (running != null) {
          running.ask();
        } else if (forgetWaiting(cancelled)) {
          news();
        }
      }
      draining |= response.drain();
    } finally {
      lock.unlock();
    }
  }

  private boolean forgetWaiting(AttemptId attempt) {
    return waiting.removeIf(assignment -> assignment.attempt().equals(attempt));
  }

  /**
   * Stops when it was told to drain, nothing is left to do, and {@code allTold}. That is asked
   * last: a report is in the outbox before its attempt is ended here.
   */
  void stopIfDrained(BooleanSupplier allTold) {
    lock.lock();
    try {
      if (draining && waiting.isEmpty() && started.isEmpty() && allTold.getAsBoolean()) {
        stopping = true;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  void drain() {
    change(() -> draining = true);
  }

  void stop() {
    change(() -> stopping = true);
  }

  boolean isStopping() {
    lock.lock();
    try {
      return stopping;
    } finally {
      lock.unlock();
    }
  }

  /** Something else, of the browser, is new to the controller. */
  void touch() {
    change(() -> {});
  }

  /** Waits until {@code answer} is there, the worker stops, or there is news after {@code told}. */
  void await(Future<?> answer, Held told) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!answer.isDone() && version == told.version() && !stopping) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets {@link #await} look again. */
  void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      news();
    } finally {
      lock.unlock();
    }
  }

  private void news() {
    version++;
    changed.signalAll();
  }
}
