package dev.ballast.dispatch;

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
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The one writer: takes commands in, decides for all of them together, and hands what came of it to
 * be made durable. While one batch is being written the next is taken in, and decided when the one
 * before is done: so a batch is as large as what arrives during a write. Nobody is told of anything
 * before it is durable. For one thread.
 */
final class Writer implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Writer.class.getName());

  /** Commands taken in before a batch waits for the one before. */
  private static final int MOST_OPEN = 10_000;

  private static final Duration RECOVERY_PAUSE = Duration.ofSeconds(1);

  private final Journal journal;
  private final Profiles profiles;
  private final DispatchSettings settings;
  private final DispatchLoop.Ports ports;
  private final Callers callers;
  private final Committer committer;
  private final long epoch;

  private @Nullable Dispatch dispatch;
  private Set<String> held = Set.of();
  private final Map<String, DispatchSettings.BreakerSettings> breakers = new HashMap<>();
  private final List<Inbox.Item> open = new ArrayList<>();
  private boolean awaitsCommit;
  private int sinceSnapshot;
  private volatile @Nullable String notReady;

  /**
   * Reads the journal and opens a new reign; throws what the journal throws.
   *
   * @param wake has {@link #write} called soon
   */
  Writer(
      Journal journal,
      Profiles profiles,
      DispatchSettings settings,
      DispatchLoop.Ports ports,
      Callers callers,
      Runnable wake) {
    this.journal = journal;
    this.profiles = profiles;
    this.settings = settings;
    this.ports = ports;
    this.callers = callers;
    this.epoch = journal.nextEpoch();
    this.dispatch = read(_ -> settings.holdUnfinished());
    this.committer = new Committer(journal, profiles, callers, wake);
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
    if (awaitsCommit) {
      // It is woken then, and nothing can be decided before.
      return Long.MAX_VALUE;
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
    committer.listen(listener);
  }

  void forget(Consumer<Event> listener) {
    committer.forget(listener);
  }

  /** Does these, together with what comes until they can be written; none: time passes. */
  void write(List<Inbox.Item> items) throws InterruptedException {
    awaitsCommit = false;
    open.addAll(items);
    if (committer.hasFailed()) {
      fail(null);
      return;
    }
    Dispatch state = dispatch != null ? dispatch : recover();
    if (state == null) {
      refuse(notReadyBecause(String.valueOf(notReady), null));
      return;
    }
    try {
      synchronized (profiles) {
        take(state, items);
      }
      awaitsCommit = open.size() < MOST_OPEN && committer.isBusy();
      if (awaitsCommit) {
        return;
      }
      committer.awaitIdle();
      if (committer.hasFailed()) {
        fail(null);
        return;
      }
      Committer.Batch batch;
      synchronized (profiles) {
        batch = decide(state);
      }
      open.clear();
      if (!batch.isSilent()) {
        committer.submit(batch);
      }
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private void take(Dispatch state, List<Inbox.Item> items) {
    for (Inbox.Item item : items) {
      if (item instanceof Inbox.Item.Do action) {
        Command command = action.command().apply(callers.ticket(action.reply()));
        state.take(command, ports.clock().instant());
        if (command instanceof Command.SetBreaker breaker) {
          breakers.put(breaker.pool(), breaker.breaker());
        }
      }
    }
  }

  private Committer.Batch decide(Dispatch state) {
    Dispatch.Step step = state.settle(ports.clock().instant());
    List<Runnable> answers = new ArrayList<>();
    for (Inbox.Item item : open) {
      if (item instanceof Inbox.Item.Look look) {
        answers.add(answer(look, state));
      }
    }
    List<Event> snapshot = snapshot(state, step.events().size());
    return new Committer.Batch(List.copyOf(open), step, answers, snapshot);
  }

  /** A question that cannot be answered is the asker's trouble, not that of the batch. */
  private static Runnable answer(Inbox.Item.Look look, Dispatch state) {
    try {
      return look.look().apply(state);
    } catch (RuntimeException e) {
      return () -> look.reply().completeExceptionally(e);
    }
  }

  /** Every so many events the state takes the place of the events that led to it. */
  private List<Event> snapshot(Dispatch state, int events) {
    sinceSnapshot += events;
    if (sinceSnapshot < settings.snapshotEvery()) {
      return List.of();
    }
    sinceSnapshot = 0;
    return state.snapshot();
  }

  /**
   * Nothing that is open may be believed, nor a batch that could not be written: everyone who waits
   * is told so. {@code cause} is why something could not be decided, if that is it.
   */
  private void fail(@Nullable RuntimeException cause) throws InterruptedException {
    // What was decided before may still become durable, and is then told.
    committer.awaitIdle();
    RuntimeException why = cause;
    Committer.Failure unwritten = committer.takeFailure();
    if (unwritten != null) {
      open.addAll(unwritten.items());
      why = unwritten.cause();
    }
    String reason = why == null ? "unknown" : String.valueOf(why.getMessage());
    notReady = reason;
    if (dispatch != null) {
      held = dispatch.held();
    }
    dispatch = null;
    if (why instanceof JournalException) {
      LOG.log(Level.ERROR, "{0}; nothing is accepted until that works again", reason);
    } else {
      LOG.log(Level.ERROR, "a batch could not be made durable; its commands are refused", why);
    }
    DispatchException refusal = notReadyBecause(reason, why);
    callers.refuseAll(refusal);
    refuse(refusal);
  }

  private void refuse(DispatchException refusal) {
    open.forEach(item -> callers.refuse(item.reply(), refusal));
    open.clear();
  }

  private static DispatchException notReadyBecause(String reason, @Nullable Throwable cause) {
    String message = "the journal cannot be used: " + reason;
    return cause == null
        ? new DispatchException(DispatchException.Code.NOT_READY, message)
        : new DispatchException(DispatchException.Code.NOT_READY, message, cause);
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

  /** Ends when what was decided is durable and told, or has failed. */
  @Override
  public void close() {
    committer.close();
    Committer.Failure unwritten = committer.takeFailure();
    if (unwritten != null) {
      open.addAll(unwritten.items());
      refuse(notReadyBecause(String.valueOf(unwritten.cause().getMessage()), unwritten.cause()));
    }
    refuse(new DispatchException(DispatchException.Code.CLOSED, "dispatch is closed"));
  }
}
