package dev.ballast.simulate.torture;

import dev.ballast.dispatch.Event;
import dev.ballast.dispatch.JournalException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * What is durable. Transactions are whole or not there; that is what the journal's own tests show.
 */
final class FaultyStore {
  /** Hears each event that became durable, with the reign that wrote it. */
  private final BiConsumer<Event, Long> witness;

  private final List<Event> events = new ArrayList<>();
  private List<Event> snapshot = List.of();
  private int snapshotAt;
  private long epoch;
  private boolean failsNext;
  private boolean keepsWhatFails;

  FaultyStore(BiConsumer<Event, Long> witness) {
    this.witness = witness;
  }

  /** The next write fails; perhaps it reached the disk all the same. */
  void failNext(boolean keeps) {
    failsNext = true;
    keepsWhatFails = keeps;
  }

  void heal() {
    failsNext = false;
  }

  long nextEpoch() {
    return ++epoch;
  }

  /** A failed write that reached the disk was told to have failed: it is taken back. */
  void forgetFailed(int kept) {
    while (events.size() > kept) {
      events.removeLast();
    }
  }

  boolean isReignedBy(long reign) {
    return reign == epoch;
  }

  int size() {
    return events.size();
  }

  /** Appends all or nothing; only the present reign may. */
  void append(long reign, List<Event> batch) {
    if (!isReignedBy(reign)) {
      throw new JournalException("reign %d is over".formatted(reign), new IOException("fenced"));
    }
    if (failsNext) {
      failsNext = false;
      if (keepsWhatFails) {
        events.addAll(batch);
      }
      throw new JournalException("no space left on device", new IOException("ENOSPC"));
    }
    commit(reign, batch);
  }

  /** The writes of a process that is killed inside its commit: there, though nobody was told. */
  void commit(long reign, List<Event> batch) {
    events.addAll(batch);
    batch.forEach(event -> witness.accept(event, reign));
  }

  void snapshot(List<Event> state) {
    snapshot = List.copyOf(state);
    snapshotAt = events.size();
  }

  void replay(Consumer<Event> reader) {
    snapshot.forEach(reader);
    events.subList(snapshotAt, events.size()).forEach(reader);
  }

  /** Everything from the very first event on, as if there had been no snapshot. */
  void replayAll(Consumer<Event> reader) {
    events.forEach(reader);
  }
}
