package dev.ballast.server.events;

import dev.ballast.dispatch.Event;
import dev.ballast.model.JobSpec;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The newest events of this controller, numbered, and who listens to them. A reader that comes back
 * goes on behind the last one it saw, without a gap, as long as that is still kept; else it is
 * told.
 *
 * <p>Ids are {@code reign-number}: after a restart of the controller old ids are recognised as
 * such.
 */
public final class EventFeed implements Consumer<Event> {
  /** Some minutes of a busy controller, at a few hundred bytes each. */
  private static final int KEPT = 10_000;

  /** Readers at a time: each may be some megabytes behind. */
  public static final int MOST_READERS = 1_000;

  private final String reign;
  private final int kept;
  private final Deque<Entry> newest = new ArrayDeque<>();

  /** One may take its leave while it is told of something. */
  private final List<Consumer<Entry>> readers = new CopyOnWriteArrayList<>();

  private final Map<String, JobName> names = new HashMap<>();
  private long last;

  private record JobName(String namespace, String name) {}

  /** One event; {@code id} is what a reader gives back as {@code Last-Event-ID}. */
  public record Entry(String id, EventDocument event) {}

  /**
   * What a reader is told first.
   *
   * @param complete nothing lies between the last one it saw and these
   */
  public record Start(boolean complete, List<Entry> missed) {}

  /** There are {@link #MOST_READERS}; answered with 429. */
  public static final class TooManyReadersException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TooManyReadersException() {
      super("%d readers follow the events. Come again when some have left".formatted(MOST_READERS));
    }
  }

  /** {@code reign} must differ after every start, and hold no hyphen. */
  public EventFeed(String reign) {
    this(reign, KEPT);
  }

  EventFeed(String reign, int kept) {
    this.reign = reign;
    this.kept = kept;
  }

  /** A job that was accepted before these events began: its later events carry its name, too. */
  public synchronized void know(String uid, JobSpec job) {
    names.put(uid, new JobName(job.namespace(), job.name()));
  }

  /** The same with the job's name, where that is known. */
  synchronized EventDocument named(EventDocument document) {
    JobName name = names.get(document.uid());
    return name == null ? document : document.of(name.namespace(), name.name());
  }

  @Override
  public synchronized void accept(Event event) {
    if (event instanceof Event.JobAccepted accepted) {
      know(accepted.uid(), accepted.job());
    } else if (event instanceof Event.JobForgotten forgotten) {
      names.remove(forgotten.uid());
    }
    EventDocument.of(event)
        .map(this::named)
        .ifPresent(document -> {
          Entry entry = new Entry(reign + "-" + ++last, document);
          newest.addLast(entry);
          if (newest.size() > kept) {
            newest.removeFirst();
          }
          readers.forEach(reader -> reader.accept(entry));
        });
  }

  /** How many are told of events now. */
  public synchronized int readers() {
    return readers.size();
  }

  /**
   * Begins to tell {@code reader} of every event after those in the answer. It is called on the
   * thread of dispatch, so it must be quick.
   *
   * @param lastSeen an id; empty: only what comes from now on
   */
  public synchronized Start subscribe(String lastSeen, Consumer<Entry> reader) {
    readers.add(reader);
    if (lastSeen.isEmpty()) {
      return new Start(true, List.of());
    }
    long seen = numberOf(lastSeen);
    long first = last - newest.size() + 1;
    boolean complete = seen >= first - 1 && seen <= last;
    List<Entry> missed =
        newest.stream().filter(entry -> !complete || numberOf(entry.id()) > seen).toList();
    return new Start(complete, missed);
  }

  /** How many events {@link #subscribe} would tell of as missed. */
  public synchronized int behind(String lastSeen) {
    if (lastSeen.isEmpty()) {
      return 0;
    }
    long seen = numberOf(lastSeen);
    return seen >= last - newest.size() && seen <= last ? (int) (last - seen) : newest.size();
  }

  public synchronized void unsubscribe(Consumer<Entry> reader) {
    readers.remove(reader);
  }

  /** -1 for an id of another reign, or for what is none. */
  private long numberOf(String id) {
    String prefix = reign + "-";
    try {
      return id.startsWith(prefix) ? Long.parseLong(id.substring(prefix.length())) : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
