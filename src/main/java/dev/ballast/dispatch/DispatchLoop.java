package dev.ballast.dispatch;

import dev.ballast.balancer.Decision;
import dev.ballast.balancer.Fleet;
import dev.ballast.balancer.Observation;
import dev.ballast.balancer.PlacementPolicy;
import dev.ballast.balancer.Profiles;
import dev.ballast.model.JobSpec;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.SyncResponse;
import dev.ballast.model.WorkerId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@link Dispatch} on one thread. Commands that wait are done together, their events written
 * as one batch, and only then is anyone told. When the journal cannot be written, what was done in
 * memory is thrown away and read again from the journal; until that works every command is refused
 * as {@link DispatchException.Code#NOT_READY}.
 *
 * <p>Futures are completed on threads of their own, listeners are called on the loop's: they must
 * be quick, and must not wait for this loop.
 */
public final class DispatchLoop implements AutoCloseable {
  private static final Logger LOG = System.getLogger(DispatchLoop.class.getName());
  private static final int BATCH = 1_000;
  private static final Duration RECOVERY_PAUSE = Duration.ofSeconds(1);
  private static final Duration VIEW_TIMEOUT = Duration.ofSeconds(30);

  private final Journal journal;
  private final Profiles profiles;
  private final DispatchSettings settings;
  private final PlacementPolicy policy;
  private final Ports ports;

  private final BlockingQueue<Item> queue = new LinkedBlockingQueue<>();
  private final List<Consumer<Event>> listeners = new CopyOnWriteArrayList<>();
  private final ExecutorService tellers = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<Long, CompletableFuture<Reply>> waiting = new HashMap<>();
  private final Thread thread;

  private @Nullable Dispatch dispatch;
  private final long epoch;
  private Set<String> held = Set.of();
  private long tickets;
  private volatile @Nullable String notReady;
  private volatile boolean closed;

  /**
   * What differs between production and a test.
   *
   * @param ids makes the uids of jobs
   */
  public record Ports(InstantSource clock, RandomGenerator random, Supplier<String> ids) {}

  private sealed interface Item {
    /** Do a command; the future gets its reply. */
    record Do(LongFunction<Command> command, CompletableFuture<Reply> reply) implements Item {}

    /** Look at the state. */
    record Look(Consumer<Dispatch> look, CompletableFuture<?> reply) implements Item {}

    /** Only wake up. */
    record Wake() implements Item {}
  }

  /** Reads the journal, opens a new reign, and starts; throws what the journal throws. */
  public DispatchLoop(
      Journal journal,
      Profiles profiles,
      PlacementPolicy policy,
      DispatchSettings settings,
      Ports ports) {
    this.journal = journal;
    this.profiles = profiles;
    this.policy = policy;
    this.settings = settings;
    this.ports = ports;
    this.epoch = journal.nextEpoch();
    this.dispatch = read(_ -> settings.holdUnfinished());
    this.thread = Thread.ofPlatform().name("ballast-dispatch").daemon(true).unstarted(this::run);
    this.thread.start();
  }

  // ---------------------------------------------------------------- commands

  /** Accepts a job; the future holds its uid once the job is durable. */
  public CompletableFuture<String> submit(JobSpec job) {
    String uid = ports.ids().get();
    return send(ticket -> new Command.SubmitJob(ticket, uid, job)).thenApply(DispatchLoop::uid);
  }

  /** Goes on with the unfinished job of that name; the future holds its uid. */
  public CompletableFuture<String> resume(String namespace, String name) {
    return send(ticket -> new Command.ResumeJob(ticket, namespace, name))
        .thenApply(DispatchLoop::uid);
  }

  /** One exchange of the worker protocol; the answer may be held back as the request allows. */
  public CompletableFuture<SyncResponse> sync(SyncRequest request) {
    return send(ticket -> new Command.Sync(ticket, request)).thenApply(DispatchLoop::response);
  }

  public CompletableFuture<Void> cancel(String uid, String message) {
    return done(ticket -> new Command.CancelJob(ticket, uid, message));
  }

  public CompletableFuture<Void> cancel(String uid) {
    return cancel(uid, "cancelled by its user");
  }

  public CompletableFuture<Void> change(String uid, Command.JobChange change) {
    return done(ticket -> new Command.ChangeJob(ticket, uid, change));
  }

  public CompletableFuture<Void> drain(WorkerId worker) {
    return done(ticket -> new Command.DrainWorker(ticket, worker));
  }

  /** The worker will not come back: what it ran runs again elsewhere at once. */
  public CompletableFuture<Void> gone(WorkerId worker) {
    return done(ticket -> new Command.WorkerGone(ticket, worker));
  }

  // ---------------------------------------------------------------- views

  /** Every job without its tasks, the oldest first. */
  public List<JobView> jobs() {
    return look(Dispatch::jobs);
  }

  /** A job with its tasks. */
  public Optional<JobView> job(String uid) {
    return look(state -> state.find(uid));
  }

  public List<WorkerView> workers() {
    return look(Dispatch::workers);
  }

  /** Where a task was placed, or why it waits. */
  public Optional<Decision> decision(String uid, int index) {
    return look(state -> state.decision(uid, index));
  }

  /** The browsers that take tasks now. */
  public Fleet fleet() {
    return look(Dispatch::fleetNow);
  }

  /** Results refused since the state was last read: late, repeated, or of an older epoch. */
  public long refusedResults() {
    return look(Dispatch::refusedResults);
  }

  /** Why nothing can be accepted now; empty when all is well. */
  public Optional<String> notReady() {
    return closed ? Optional.of("dispatch is closed") : Optional.ofNullable(notReady);
  }

  /** Hears every event from now on, in order, once it is durable. Closing ends it. */
  public Subscription listen(Consumer<Event> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** Ends a {@link #listen}. */
  @FunctionalInterface
  public interface Subscription extends AutoCloseable {
    @Override
    void close();
  }

  /** Stops after the present batch; what was not done is refused as closed. */
  @Override
  public void close() {
    closed = true;
    queue.add(new Item.Wake());
    boolean interrupted = false;
    while (Thread.currentThread() != thread) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    tellers.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  // ---------------------------------------------------------------- the thread

  private void run() {
    try {
      while (!closed) {
        step(take());
      }
    } finally {
      closed = true;
      refuseAll(closedException());
      List<Item> rest = new ArrayList<>();
      queue.drainTo(rest);
      for (Item item : rest) {
        refuse(item, closedException());
      }
    }
  }

  private List<Item> take() {
    List<Item> items = new ArrayList<>();
    try {
      Item first = queue.poll(patienceNanos(), TimeUnit.NANOSECONDS);
      if (first != null) {
        items.add(first);
        queue.drainTo(items, BATCH - 1);
      }
    } catch (InterruptedException e) {
      // Nobody has reason to interrupt this thread but to end it.
      closed = true;
    }
    return items;
  }

  private long patienceNanos() {
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

  private void step(List<Item> items) {
    Dispatch state = dispatch != null ? dispatch : recover();
    if (state == null) {
      DispatchException refusal =
          new DispatchException(
              DispatchException.Code.NOT_READY, "the journal cannot be used: " + notReady);
      items.forEach(item -> refuse(item, refusal));
      return;
    }
    List<Event> events = new ArrayList<>();
    List<Reply> replies = new ArrayList<>();
    try {
      List<Item.Look> looks = new ArrayList<>();
      for (Item item : items) {
        switch (item) {
          case Item.Do(LongFunction<Command> command, CompletableFuture<Reply> reply) -> {
            long ticket = ++tickets;
            waiting.put(ticket, reply);
            keep(state.handle(command.apply(ticket), ports.clock().instant()), events, replies);
          }
          case Item.Look look -> looks.add(look);
          case Item.Wake _ -> {
            // The caller only wanted us to look at `closed`.
          }
        }
      }
      keep(state.handle(new Command.Tick(), ports.clock().instant()), events, replies);
      if (!events.isEmpty()) {
        journal.append(events);
      }
      looks.forEach(look -> look.look().accept(state));
    } catch (RuntimeException e) {
      fail(items, e);
      return;
    }
    replies.forEach(this::tell);
    events.forEach(this::publish);
  }

  private static void keep(Dispatch.Step step, List<Event> events, List<Reply> replies) {
    events.addAll(step.events());
    replies.addAll(step.replies());
  }

  /** Nothing of the batch may be believed: everyone who waits is told so. */
  private void fail(List<Item> items, RuntimeException cause) {
    String reason = String.valueOf(cause.getMessage());
    notReady = reason;
    if (dispatch != null) {
      held = dispatch.held();
    }
    dispatch = null;
    LOG.log(Level.ERROR, "a batch could not be made durable; its commands are refused", cause);
    DispatchException refusal =
        new DispatchException(
            DispatchException.Code.NOT_READY, "the journal cannot be used: " + reason, cause);
    refuseAll(refusal);
    items.forEach(item -> refuse(item, refusal));
  }

  private @Nullable Dispatch recover() {
    try {
      Dispatch fresh = read(held::contains);
      // An empty batch proves that the journal takes writes again.
      journal.append(List.of());
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
    Dispatch fresh = new Dispatch(policy, settings, ports.random());
    journal.replay(fresh::apply);
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

  private void tell(Reply reply) {
    CompletableFuture<Reply> future = waiting.remove(reply.ticket());
    if (future == null) {
      return;
    }
    if (reply instanceof Reply.Refused(_, DispatchException.Code code, String message)) {
      later(() -> future.completeExceptionally(new DispatchException(code, message)));
    } else {
      later(() -> future.complete(reply));
    }
  }

  private void refuseAll(DispatchException refusal) {
    List<CompletableFuture<Reply>> all = List.copyOf(waiting.values());
    waiting.clear();
    all.forEach(future -> later(() -> future.completeExceptionally(refusal)));
  }

  private void refuse(Item item, DispatchException refusal) {
    switch (item) {
      case Item.Do(_, CompletableFuture<Reply> reply) ->
          later(() -> reply.completeExceptionally(refusal));
      case Item.Look(_, CompletableFuture<?> reply) ->
          later(() -> reply.completeExceptionally(refusal));
      case Item.Wake _ -> {
        // Nobody waits.
      }
    }
  }

  private void later(Runnable telling) {
    tellers.execute(telling);
  }

  // ---------------------------------------------------------------- sending

  private CompletableFuture<Reply> send(LongFunction<Command> command) {
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    offer(new Item.Do(command, reply), reply);
    return reply;
  }

  private CompletableFuture<Void> done(LongFunction<Command> command) {
    return send(command).thenAccept(_ -> {});
  }

  private <T> T look(Function<Dispatch, T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    offer(new Item.Look(state -> answer.complete(question.apply(state)), answer), answer);
    try {
      return answer.orTimeout(VIEW_TIMEOUT.toSeconds(), TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof DispatchException refusal) {
        throw refusal;
      }
      throw e;
    }
  }

  private void offer(Item item, CompletableFuture<?> reply) {
    queue.add(item);
    if (closed && queue.remove(item)) {
      reply.completeExceptionally(closedException());
    }
  }

  private static DispatchException closedException() {
    return new DispatchException(DispatchException.Code.CLOSED, "dispatch is closed");
  }

  private static String uid(Reply reply) {
    if (reply instanceof Reply.Job(_, String uid)) {
      return uid;
    }
    throw new IllegalStateException("not an answer to a submission: " + reply);
  }

  private static SyncResponse response(Reply reply) {
    if (reply instanceof Reply.Synced(_, SyncResponse response)) {
      return response;
    }
    throw new IllegalStateException("not an answer to a sync: " + reply);
  }
}
