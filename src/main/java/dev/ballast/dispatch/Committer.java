package dev.ballast.dispatch;

import dev.ballast.balancer.Observation;
import dev.ballast.balancer.Profiles;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes one decided batch after the other durable, on a thread of its own, and only then lets
 * anyone be told of it. Meanwhile the next batch is taken in.
 *
 * <p>After a failure nothing is written until it was taken by {@link #takeFailure}: what was taken
 * in meanwhile rests on events that are not durable.
 */
final class Committer implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Committer.class.getName());

  private final Journal journal;
  private final Profiles profiles;
  private final Callers callers;
  private final Runnable wake;
  private final List<Consumer<Event>> listeners = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private @Nullable Batch batch;
  private @Nullable Failure failure;
  private boolean wanted;
  private boolean closed;

  /**
   * What was decided together.
   *
   * @param items whoever waits for it
   * @param answers to questions about the state after it
   * @param snapshot the state after it as events, where it is to take the place of all before;
   *     empty: it is not
   */
  record Batch(
      List<Inbox.Item> items, Dispatch.Step step, List<Runnable> answers, List<Event> snapshot) {
    boolean isSilent() {
      return step.events().isEmpty()
          && step.replies().isEmpty()
          && answers.isEmpty()
          && snapshot.isEmpty();
    }
  }

  /** Why a batch could not be made durable, and who waits for it. */
  record Failure(List<Inbox.Item> items, RuntimeException cause) {}

  /** {@code wake}: makes whoever decides come back. */
  Committer(Journal journal, Profiles profiles, Callers callers, Runnable wake) {
    this.journal = journal;
    this.profiles = profiles;
    this.callers = callers;
    this.wake = wake;
    this.thread = Thread.ofPlatform().name("ballast-journal").daemon(true).unstarted(this::run);
    this.thread.start();
  }

  void listen(Consumer<Event> listener) {
    listeners.add(listener);
  }

  void forget(Consumer<Event> listener) {
    listeners.remove(listener);
  }

  /** Whether a batch is being written; whoever is told so is woken when it is done. */
  synchronized boolean isBusy() {
    wanted = batch != null;
    return wanted;
  }

  /** Hands a batch over; none may be being written, and none have failed. */
  synchronized void submit(Batch next) {
    if (batch != null || failure != null) {
      throw new IllegalStateException("the batch before is not done");
    }
    batch = next;
    notifyAll();
  }

  /** Waits until nothing is being written. */
  synchronized void awaitIdle() throws InterruptedException {
    while (batch != null) {
      wait();
    }
  }

  /** What failed since the last call; null: nothing. */
  synchronized @Nullable Failure takeFailure() {
    Failure taken = failure;
    failure = null;
    return taken;
  }

  synchronized boolean hasFailed() {
    return failure != null;
  }

  private void run() {
    try {
      for (Batch next = next(); next != null; next = next()) {
        done(commit(next));
      }
    } catch (InterruptedException e) {
      // Nobody has reason to interrupt this thread but to end it.
      Thread.currentThread().interrupt();
    }
  }

  private synchronized @Nullable Batch next() throws InterruptedException {
    while (batch == null && !closed) {
      wait();
    }
    return batch;
  }

  private void done(@Nullable Failure ended) {
    boolean wakes;
    synchronized (this) {
      batch = null;
      failure = ended;
      wakes = wanted || ended != null;
      wanted = false;
      notifyAll();
    }
    if (wakes) {
      wake.run();
    }
  }

  private @Nullable Failure commit(Batch decided) {
    try {
      writeAndTell(decided);
      return null;
    } catch (RuntimeException e) {
      return new Failure(decided.items(), e);
    } catch (Error e) {
      // Whoever decides would wait for this thread for ever.
      return new Failure(decided.items(), new IllegalStateException("a write broke off", e));
    }
  }

  private void writeAndTell(Batch decided) {
    List<Event> events = decided.step().events();
    if (!events.isEmpty()) {
      journal.append(events, decided.step().decisions());
    }
    decided.step().replies().forEach(callers::tell);
    learn(events);
    events.forEach(this::publish);
    // Who sees that a job has ended may rely on its last events having been told.
    decided.answers().forEach(Runnable::run);
    if (!decided.snapshot().isEmpty()) {
      snapshot(decided.snapshot());
    }
  }

  /** Between two batches, so that each is decided by one state of what is known. */
  private void learn(List<Event> events) {
    synchronized (profiles) {
      for (Event event : events) {
        if (event instanceof Event.AttemptEnded ended) {
          Observation.from(ended.result()).ifPresent(profiles::learn);
        }
      }
    }
  }

  private void snapshot(List<Event> state) {
    try {
      journal.snapshot(state);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "no snapshot of the journal now, it only grows meanwhile", e);
    }
  }

  private void publish(Event event) {
    for (Consumer<Event> listener : listeners) {
      try {
        listener.accept(event);
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "a listener failed on " + event, e);
      }
    }
  }

  /** Ends when the batch that is being written, if one is, is done. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
