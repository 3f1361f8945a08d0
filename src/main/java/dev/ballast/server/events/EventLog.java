package dev.ballast.server.events;

import dev.ballast.dispatch.Event;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/**
 * Writes what happened to the log: jobs, and attempts that went wrong, at INFO; all else at DEBUG.
 * Each line carries the ids of what it is about beside its sentence ({@code namespace}, {@code
 * job}, {@code uid}, {@code task}, {@code attempt}, {@code worker}, {@code outcome}), so that JSON
 * logs can be searched by them.
 */
public final class EventLog implements Consumer<Event> {
  /** Its level is configured by this name. */
  public static final String CATEGORY = "dev.ballast.events";

  private static final Logger LOG = Logger.getLogger(CATEGORY);

  private final EventFeed names;

  /** {@code names}: knows how jobs are called, and heard of an event before this does. */
  public EventLog(EventFeed names) {
    this.names = names;
  }

  @Override
  public void accept(Event event) {
    EventDocument.of(event).map(names::named).ifPresent(EventLog::write);
  }

  private static void write(EventDocument event) {
    boolean ofJob = event.index() == null;
    boolean wrong =
        event.outcome() != null && !event.outcome().equals(dev.ballast.model.Outcome.SUCCEEDED);
    Logger.Level level = ofJob || wrong ? Logger.Level.INFO : Logger.Level.DEBUG;
    if (!LOG.isEnabled(level)) {
      return;
    }
    Map<String, Object> ids = ids(event);
    ids.forEach(MDC::put);
    try {
      LOG.log(level, sentence(event));
    } finally {
      ids.keySet().forEach(MDC::remove);
    }
  }

  private static Map<String, Object> ids(EventDocument event) {
    Map<String, Object> ids = new LinkedHashMap<>();
    put(ids, "namespace", event.namespace());
    put(ids, "job", event.job());
    put(ids, "uid", event.uid());
    put(ids, "task", event.index());
    put(ids, "attempt", event.attempt());
    put(ids, "worker", event.worker());
    put(ids, "outcome", event.outcome());
    return ids;
  }

  private static void put(
      Map<String, Object> ids, String name, @org.jspecify.annotations.Nullable Object value) {
    if (value != null) {
      ids.put(name, value.toString());
    }
  }

  private static String sentence(EventDocument event) {
    StringBuilder said = new StringBuilder(event.type());
    said.append(' ').append(event.namespace() == null ? "" : event.namespace() + "/");
    said.append(event.job() == null ? event.uid() : event.job());
    if (event.index() != null) {
      said.append(" #%d attempt %d".formatted(event.index(), event.attempt()));
    }
    if (event.worker() != null) {
      said.append(" on ").append(event.worker());
    }
    if (event.state() != null || event.outcome() != null) {
      said.append(": ").append(event.state() == null ? event.outcome() : event.state());
    }
    if (event.message() != null) {
      // It may hold what a page wrote: no line of its own.
      said.append(", ").append(event.message().replaceAll("\\p{Cntrl}", "?"));
    }
    return said.toString();
  }
}
