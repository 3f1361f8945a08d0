package dev.ballast.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.NullMarked;

/** A journal in memory that outlives the dispatch it serves, and fails when told to. */
@NullMarked
public final class TestingJournal implements Journal {
  private final List<Event> events = new ArrayList<>();
  private final List<Decided> decisions = new ArrayList<>();
  private List<Event> snapshot = List.of();
  private int replayedFrom;
  private int snapshots;
  private long epoch;
  private int failures;
  private boolean keepsWhatFails;
  private int appends;
  private boolean held;
  private boolean writing;

  /** From now on writes wait, until {@link #goOn}. */
  public synchronized void hold() {
    held = true;
  }

  public synchronized void goOn() {
    held = false;
    notifyAll();
  }

  /** Waits until a write waits. */
  public synchronized void awaitWrite() throws InterruptedException {
    while (!writing) {
      wait();
    }
  }

  private void awaitRelease() {
    writing = true;
    notifyAll();
    try {
      while (held) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JournalException("interrupted", e);
    }
    writing = false;
  }

  /** The next {@code times} writes fail. */
  public synchronized void failNext(int times) {
    failures = times;
  }

  /** A write that fails may have reached the disk all the same. */
  public synchronized void keepWhatFails(boolean keeps) {
    keepsWhatFails = keeps;
  }

  public synchronized List<Event> events() {
    return List.copyOf(events);
  }

  /** Batches written. */
  public synchronized int appends() {
    return appends;
  }

  @Override
  public synchronized void append(List<Event> batch, List<Decided> decided) {
    awaitRelease();
    if (failures > 0) {
      failures--;
      if (keepsWhatFails) {
        events.addAll(batch);
      }
      throw new JournalException("no space left on device", new java.io.IOException("ENOSPC"));
    }
    events.addAll(batch);
    decisions.addAll(decided);
    appends++;
  }

  @Override
  public synchronized void snapshot(List<Event> state) {
    snapshot = List.copyOf(state);
    replayedFrom = events.size();
    snapshots++;
  }

  /** Snapshots taken. */
  public synchronized int snapshots() {
    return snapshots;
  }

  /** What was decided, the oldest first. */
  public synchronized List<Decided> decisions() {
    return List.copyOf(decisions);
  }

  @Override
  public synchronized void replay(Consumer<Event> reader) {
    snapshot.forEach(reader);
    events.subList(replayedFrom, events.size()).forEach(reader);
  }

  /** The next epoch is this one, or a later one. */
  public synchronized void reignFrom(long reign) {
    epoch = Math.max(epoch, reign - 1);
  }

  @Override
  public synchronized long nextEpoch() {
    return ++epoch;
  }
}
