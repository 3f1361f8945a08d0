package dev.ballast.dispatch;

import dev.ballast.balancer.Decision;
import dev.ballast.balancer.Fleet;
import dev.ballast.balancer.Profiles;
import dev.ballast.balancer.TaskView;
import dev.ballast.model.AttemptId;
import dev.ballast.model.JobSpec;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.SyncResponse;
import dev.ballast.model.TaskId;
import dev.ballast.model.WorkerId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Runs {@link Dispatch} on one thread. Commands that wait are done together, their events written
 * as one batch, and only then is anyone told; while a batch is being written, on a second thread,
 * the next one is taken in. When the journal cannot be written, what was done in memory is thrown
 * away and read again from the journal; until that works every command is refused as {@link
 * DispatchException.Code#NOT_READY}.
 *
 * <p>Futures are completed on threads of their own, listeners are called on the one that writes:
 * they must be quick, and must not wait for this loop.
 */
public final class DispatchLoop implements AutoCloseable {
  private static final int BATCH = 1_000;
  private static final Duration VIEW_TIMEOUT = Duration.ofSeconds(30);

  private final Inbox inbox = new Inbox();
  private final Callers callers = new Callers();
  private final Ports ports;
  private final Writer writer;
  private final Thread thread;
  private final CompletableFuture<String> failed = new CompletableFuture<>();
  private volatile boolean closed;

  /**
   * What differs between production and a test.
   *
   * @param ids makes the uids of jobs
   */
  public record Ports(
      InstantSource clock, RandomGenerator random, Supplier<String> ids, DecisionWatch decisions) {
    /** With nobody who counts decisions. */
    public Ports(InstantSource clock, RandomGenerator random, Supplier<String> ids) {
      this(clock, random, ids, DecisionWatch.NONE);
    }
  }

  /** Reads the journal, opens a new reign, and starts; throws what the journal throws. */
  public DispatchLoop(Journal journal, Profiles profiles, DispatchSettings settings, Ports ports) {
    this.ports = ports;
    this.writer = new Writer(journal, profiles, settings, ports, callers, inbox::wake);
    this.thread = Thread.ofPlatform().name("ballast-dispatch").daemon(true).unstarted(this::run);
    this.thread.start();
  }

  // ---------------------------------------------------------------- commands

  /** Accepts a job; the future holds its uid once the job is durable. */
  public CompletableFuture<String> submit(JobSpec job) {
    String uid = ports.ids().get();
    return send(ticket -> new Command.SubmitJob(ticket, uid, job)).thenApply(DispatchLoop::uid);
  }

  /**
   * Accepts a job under a uid of its owner's, or finds it; the future holds the uid once the job is
   * durable.
   */
  public CompletableFuture<String> take(String uid, JobSpec job, Recalled recalled) {
    return send(ticket -> new Command.TakeJob(ticket, uid, job, recalled))
        .thenApply(DispatchLoop::uid);
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

  /**
   * Takes a bound attempt back so that it is decided anew where its task runs. The future ends when
   * the worker is asked; whether it gives the attempt back shows in {@link #moves}.
   */
  public CompletableFuture<Void> move(AttemptId attempt) {
    return done(ticket -> new Command.MoveTask(ticket, attempt));
  }

  /** The circuit breakers of that pool and of its workers open by these from now on. */
  public CompletableFuture<Void> breaker(String pool, DispatchSettings.BreakerSettings breaker) {
    return done(ticket -> new Command.SetBreaker(ticket, pool, breaker));
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

  /** How far a job is; empty: no job of that uid was ever accepted here. */
  public Optional<JobProgress> progress(String uid) {
    return look(state -> state.progress(uid));
  }

  public List<WorkerView> workers() {
    return look(Dispatch::workers);
  }

  /** What has not begun, by what it asks for. */
  public List<Queued> queued() {
    return look(Dispatch::queued);
  }

  /** Where a task was placed, or why it waits. */
  public Optional<Decision> decision(String uid, int index) {
    return look(state -> state.decision(uid, index));
  }

  /**
   * How many seconds sooner the last move of a task was to end it; empty for one that was not moved
   * for that.
   */
  public OptionalDouble secondsSooner(TaskId task) {
    return look(state -> state.secondsSooner(task));
  }

  /** The browsers that take tasks now. */
  public Fleet fleet() {
    return look(Dispatch::fleetNow);
  }

  /** Where such a task would be placed now. */
  public Decision score(TaskView task) {
    return look(state -> state.score(task));
  }

  /** The reign that attempts are bound under. */
  public long epoch() {
    return writer.epoch();
  }

  /** Results refused since the state was last read: late, repeated, or of an older epoch. */
  public long refusedResults() {
    return look(Dispatch::refusedResults);
  }

  /** How moves of bound attempts ended. */
  public Moves moves() {
    return look(Dispatch::moves);
  }

  /** Everything in numbers, of one moment. */
  public Pulse pulse() {
    return look(Dispatch::pulse);
  }

  /** Why nothing can be accepted now; empty when all is well. */
  public Optional<String> notReady() {
    return closed ? Optional.of("dispatch is closed") : Optional.ofNullable(writer.notReady());
  }

  /**
   * Completes with what happened when it has ended of itself, out of memory for one: nothing can be
   * asked of it any more, and whoever holds it must end, so that something starts anew from the
   * journal.
   */
  public CompletableFuture<String> failed() {
    return failed;
  }

  /** Hears every event from now on, in order, once it is durable. Closing ends it. */
  public Subscription listen(Consumer<Event> listener) {
    writer.listen(listener);
    return () -> writer.forget(listener);
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
    inbox.wake();
    boolean interrupted = false;
    while (Thread.currentThread() != thread) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    callers.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  // ---------------------------------------------------------------- the thread

  private void run() {
    try {
      while (!closed) {
        writer.write(inbox.take(writer.patienceNanos(), BATCH));
      }
    } catch (InterruptedException e) {
      // Nobody has reason to interrupt this thread but to end it.
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      failed.complete("dispatch has ended: " + e);
      throw e;
    } finally {
      closed = true;
      writer.close();
      callers.refuseAll(closedException());
      inbox.takeAll().forEach(item -> callers.refuse(item.reply(), closedException()));
    }
  }

  // ---------------------------------------------------------------- sending

  private CompletableFuture<Reply> send(LongFunction<Command> command) {
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    offer(new Inbox.Item.Do(command, reply), reply);
    return reply;
  }

  private CompletableFuture<Void> done(LongFunction<Command> command) {
    return send(command).thenAccept(_ -> {});
  }

  private <T> T look(Function<Dispatch, T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    offer(
        new Inbox.Item.Look(
            state -> {
              T found = question.apply(state);
              return () -> answer.complete(found);
            },
            answer),
        answer);
    try {
      return answer.orTimeout(VIEW_TIMEOUT.toSeconds(), TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof DispatchException refusal) {
        throw refusal;
      }
      throw e;
    }
  }

  private void offer(Inbox.Item item, CompletableFuture<?> reply) {
    inbox.add(item);
    if (closed && inbox.remove(item)) {
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
