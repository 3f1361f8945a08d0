package dev.ballast.dispatch;

import dev.ballast.balancer.Observation;
import dev.ballast.balancer.Profiles;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The one writer: does batches of commands, makes their events durable as one transaction, and only
 * then lets anyone be told. For one thread.
 */
final class Writer {
  private static final Logger LOG = System.getLogger(Writer.class.getName());
  private static final Duration RECOVERY_PAUSE = Duration.ofSeconds(1);

  private final Journal journal;
  private final Profiles profiles;
  private final DispatchSettings settings;
  private final DispatchLoop.Ports ports;
  private final Callers callers;
  private final List<Consumer<Event>> listeners = new CopyOnWriteArrayList<>();
  private final long epoch;

  private @Nullable Dispatch dispatch;
  private Set<String> held = Set.of();
  private final Map<String, DispatchSettings.BreakerSettings> breakers = new HashMap<>();
  private int sinceSnapshot;
  private volatile @Nullable String notReady;

  /** Reads the journal and opens a new reign; throws what the journal throws. */
  Writer(
      Journal journal,
      Profiles profiles,
      DispatchSettings settings,
      DispatchLoop.Ports ports,
      Callers callers) {
    this.journal = journal;
    this.profiles = profiles;
    this.settings = settings;
    this.ports = ports;
    this.callers = callers;
    this.epoch = journal.nextEpoch();
    this.dispatch = read(_ -> settings.holdUnfinished());
  }

  long epoch() {
    return epoch;
  }

  /** How long it may sleep when nothing arrives. */
  long patienceNanos() {
    Dispatch state = dispatch;
    if (state == null) {
      return RECOVERY_PAUSE.toNanos();
    }
    Instant deadline = state.nextDeadline();
    if (deadline.equals(Instant.MAX)) {
      return Long.MAX_VALUE;
    }
    Duration left = Duration.between(ports.clock().instant(), deadline);
    return Math.clamp(left.toNanos(), 0, Duration.ofHours(1).toNanos());
  }

  /** Why nothing can be written now. */
  @Nullable String notReady() {
    return notReady;
  }

  void listen(Consumer<Event> listener) {
    listeners.add(listener);
  }

  void forget(Consumer<Event> listener) {
    listeners.remove(listener);
  }

  /** Does these together; an empty list only lets time pass. */
  void write(List<Inbox.Item> items) {
    Dispatch state = dispatch != null ? dispatch : recover();
    if (state == null) {
      DispatchException refusal =
          new DispatchException(
              DispatchException.Code.NOT_READY, "the journal cannot be used: " + notReady);
      items.forEach(item -> callers.refuse(item.reply(), refusal));
      return;
    }
    Dispatch.Step step;
    List<Inbox.Item.Look> looks = new ArrayList<>();
    try {
      for (Inbox.Item item : items) {
        switch (item) {
          case Inbox.Item.Do action -> {
            Command command = action.command().apply(callers.ticket(action.reply()));
            state.take(command, ports.clock().instant());
            if (command instanceof Command.SetBreaker breaker) {
              breakers.put(breaker.pool(), breaker.breaker());
            }
          }
          case Inbox.Item.Look look -> looks.add(look);
          case Inbox.Item.Wake _ -> {
            // Only the loop was meant.
          }
        }
      }
      step = state.settle(ports.clock().instant());
      if (!step.events().isEmpty()) {
        journal.append(step.events(), step.decisions());
      }
    } catch (RuntimeException e) {
      fail(items, e);
      return;
    }
    step.replies().forEach(callers::tell);
    step.events().forEach(this::publish);
    // Who sees that a job has ended may rely on its last events having been told.
    looks.forEach(look -> answer(look, state));
    snapshot(state, step.events().size());
  }

  /** A question that cannot be answered is the asker's trouble, not that of the batch. */
  private static void answer(Inbox.Item.Look look, Dispatch state) {
    try {
      look.look().accept(state);
    } catch (RuntimeException e) {
      look.reply().completeExceptionally(e);
    }
  }

  /** Every so many events the state takes the place of the events that led to it. */
  private void snapshot(Dispatch state, int events) {
    sinceSnapshot += events;
    if (sinceSnapshot < settings.snapshotEvery()) {
      return;
    }
    sinceSnapshot = 0;
    try {
      journal.snapshot(state.snapshot());
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "no snapshot of the journal now, it only grows meanwhile", e);
    }
  }

  /** Nothing of the batch may be believed: everyone who waits is told so. */
  private void fail(List<Inbox.Item> items, RuntimeException cause) {
    String reason = String.valueOf(cause.getMessage());
    notReady = reason;
    if (dispatch != null) {
      held = dispatch.held();
    }
    dispatch = null;
    if (cause instanceof JournalException) {
      LOG.log(Level.ERROR, "{0}; nothing is accepted until that works again", reason);
    } else {
      LOG.log(Level.ERROR, "a batch could not be made durable; its commands are refused", cause);
    }
    DispatchException refusal =
        new DispatchException(
            DispatchException.Code.NOT_READY, "the journal cannot be used: " + reason, cause);
    callers.refuseAll(refusal);
    items.forEach(item -> callers.refuse(item.reply(), refusal));
  }

  private @Nullable Dispatch recover() {
    try {
      Dispatch fresh = read(held::contains);
      // An empty batch proves that the journal takes writes again.
      journal.append(List.of(), List.of());
      dispatch = fresh;
      notReady = null;
      LOG.log(Level.INFO, "the journal can be used again");
      return fresh;
    } catch (RuntimeException e) {
      notReady = String.valueOf(e.getMessage());
      LOG.log(Level.WARNING, "the journal cannot be used yet: {0}", notReady);
      return null;
    }
  }

  private Dispatch read(Predicate<String> holding) {
    Dispatch fresh = new Dispatch(profiles, settings, ports.random());
    fresh.watch(ports.decisions());
    sinceSnapshot = 0;
    journal.replay(event -> {
      fresh.apply(event);
      sinceSnapshot++;
    });
    breakers.forEach(fresh::setBreaker);
    fresh.reign(epoch, ports.clock().instant(), holding);
    return fresh;
  }

  private void publish(Event event) {
    if (event instanceof Event.AttemptEnded ended) {
      Observation.from(ended.result()).ifPresent(profiles::learn);
    }
    for (Consumer<Event> listener : listeners) {
      try {
        listener.accept(event);
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "a listener failed on " + event, e);
      }
    }
  }
}
