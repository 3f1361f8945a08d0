package dev.ballast.worker;

import dev.ballast.model.Assignment;
import dev.ballast.model.AttemptId;
import dev.ballast.model.AttemptReport;
import dev.ballast.model.BrowserMetrics;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.SyncResponse;
import dev.ballast.worker.browser.BrowserException;
import dev.ballast.worker.browser.BrowserLauncher;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One worker: a browser, its slots, and the exchange with the controller. The exchange tells the
 * worker's whole state every time, so that a lost or repeated one does no harm; a report stays in
 * the outbox until it is acknowledged.
 */
public final class Agent implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Agent.class.getName());
  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final Duration LAST_RETRY = Duration.ofSeconds(2);
  private static final int START_TRIES = 3;
  private static final long KEEP_MILLIS = 250;

  private final AgentSettings settings;
  private final Controller controller;
  private final BrowserHost host;
  private final List<Slot> slots = new ArrayList<>();
  private final Outbox outbox = new Outbox();
  private final BusyTime busyTime;
  private final String incarnation = UUID.randomUUID().toString();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final List<Thread> threads = new ArrayList<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Assignment> waiting = new ArrayList<>();
  private final Set<AttemptId> started = new HashSet<>();
  private final Set<AttemptId> returned = new HashSet<>();
  private final RecentAttempts seen = new RecentAttempts(4096);
  private long version = 1;
  private long sequence;
  private long answered;
  private long heartbeatMillis = 2000;
  private long tasksDone;
  private boolean draining;
  private boolean stopping;
  private volatile long sentVersion;
  private volatile CompletableFuture<SyncResponse> inFlight = new CompletableFuture<>();
  private BrowserHost.@Nullable Running lastRunning;

  /** Exchanges that failed and were not noticed yet, by their sequence. */
  private final Set<Long> failures = ConcurrentHashMap.newKeySet();

  public Agent(
      AgentSettings settings,
      BrowserLauncher launcher,
      Controller controller,
      PageServer pages,
      WorkerTools tools) {
    this.settings = settings;
    this.controller = controller;
    this.host = new BrowserHost(launcher, new Probe(pages, settings.browserMemoryBytes()));
    this.busyTime = new BusyTime(settings.slots(), Duration.ofSeconds(10));
    for (int number = 0; number < settings.slots(); number++) {
      slots.add(new Slot(host, new AttemptRunner(tools, settings, host)));
    }
  }

  /**
   * Starts the browser and joins. {@link #ready} tells when it is there, or that it could not be
   * started.
   */
  public void start() {
    threads.add(Thread.ofVirtual().name(settings.worker() + " exchange").start(this::exchange));
    threads.add(Thread.ofVirtual().name(settings.worker() + " browser").start(this::keepBrowser));
    for (Slot slot : slots) {
      threads.add(Thread.ofVirtual().name(settings.worker() + " slot").start(() -> work(slot)));
    }
  }

  /**
   * Completes when the browser runs and was probed; fails with the {@link BrowserException} when it
   * could not be started.
   */
  public CompletableFuture<Void> ready() {
    return ready;
  }

  /** Completes when the worker has drained or stopped. */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  /** Takes nothing new, finishes what runs, then ends. */
  public void drain() {
    change(() -> draining = true);
  }

  private void exchange() {
    try {
      launch();
      Duration retry = FIRST_RETRY;
      while (!isStopping()) {
        long sent = send();
        if (awaitAnswerOrChange(sent)) {
          retry = FIRST_RETRY;
        } else {
          TimeUnit.NANOSECONDS.sleep(retry.toNanos());
          retry =
              retry.multipliedBy(2).compareTo(LAST_RETRY) > 0 ? LAST_RETRY : retry.multipliedBy(2);
        }
      }
    } catch (BrowserException e) {
      ready.completeExceptionally(e);
      LOG.log(
          isStopping() ? Level.DEBUG : Level.ERROR,
          "{0}: no browser, so nothing can run here: {1}",
          settings.worker(),
          e.getMessage());
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "{0}: stopped", settings.worker());
    } finally {
      ended.complete(null);
    }
  }

  /**
   * Starts the browser again when it was lost, task or no task: a worker without a browser tells
   * that it is not healthy, and is given nothing that would make it start one.
   */
  private void keepBrowser() {
    try {
      ready.join();
      while (!isStopping()) {
        TimeUnit.MILLISECONDS.sleep(KEEP_MILLIS);
        if (host.current().isEmpty()) {
          restart();
        }
      }
    } catch (CompletionException | InterruptedException e) {
      LOG.log(Level.DEBUG, "{0}: nobody keeps the browser any more", settings.worker());
    }
  }

  private void restart() {
    try {
      host.running();
      change(() -> {});
    } catch (BrowserException e) {
      LOG.log(
          Level.WARNING,
          "{0}: the browser does not start again, trying on: {1}",
          settings.worker(),
          e.getMessage());
    }
  }

  private void launch() throws BrowserException, InterruptedException {
    for (int tried = 1; ; tried++) {
      try {
        host.running();
        host.measureMemory();
        ready.complete(null);
        return;
      } catch (BrowserException e) {
        if (tried == START_TRIES || isStopping()) {
          throw e;
        }
        LOG.log(
            Level.WARNING,
            "{0}: the browser did not start ({1}); trying again",
            settings.worker(),
            e.getMessage());
        TimeUnit.MILLISECONDS.sleep(500L * tried);
      }
    }
  }

  private long send() {
    SyncRequest request;
    long number;
    lock.lock();
    try {
      number = ++sequence;
      sentVersion = version;
      request = request(number);
    } finally {
      lock.unlock();
    }
    inFlight =
        controller
            .sync(request)
            .whenComplete((response, failure) -> {
              if (failure != null) {
                failures.add(number);
                LOG.log(
                    isStopping() ? Level.DEBUG : Level.WARNING,
                    "{0}: {1}",
                    settings.worker(),
                    rootMessage(failure));
                change(() -> {}, number);
              } else {
                receive(request, response);
                change(() -> {}, number);
              }
            });
    return number;
  }

  /**
   * Waits until the exchange is answered, or there is something new to say; false when the exchange
   * failed.
   */
  private boolean awaitAnswerOrChange(long sent) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (answered < sent && version == sentVersion && !stopping) {
        changed.await();
      }
      return !failures.remove(sent);
    } finally {
      lock.unlock();
    }
  }

  private SyncRequest request(long number) {
    Optional<BrowserHost.Running> running = host.current();
    BrowserHost.Running last = running.orElseGet(this::lastRunning);
    lastRunning = last;
    List<AttemptId> givenBack = List.copyOf(returned);
    return new SyncRequest(
        settings.worker(),
        incarnation,
        number,
        settings.pool(),
        settings.poolLabels(),
        settings.machine(),
        settings.os(),
        settings.slots(),
        draining,
        last.identity(),
        last.capability(),
        metrics(last, running.isPresent()),
        List.copyOf(started),
        waiting.stream().map(Assignment::attempt).toList(),
        givenBack,
        outbox.batch(),
        (int) Math.min(heartbeatMillis, settings.longPoll().toMillis()));
  }

  private BrowserHost.Running lastRunning() {
    BrowserHost.Running last = lastRunning;
    if (last == null) {
      throw new IllegalStateException("the exchange began before the browser had started");
    }
    return last;
  }

  private BrowserMetrics metrics(BrowserHost.Running running, boolean alive) {
    List<String> resident =
        slots.stream().flatMap(slot -> slot.residentModels().stream()).distinct().toList();
    OptionalDouble utilization = busyTime.ratio(System.nanoTime());
    return new BrowserMetrics(
        utilization,
        alive ? host.memoryBytes() : OptionalLong.empty(),
        started.size(),
        alive ? resident : List.of(),
        tasksDone,
        Duration.between(running.since(), Instant.now()),
        alive);
  }

  private void receive(SyncRequest request, SyncResponse response) {
    outbox.acknowledge(response.acknowledged());
    lock.lock();
    try {
      heartbeatMillis = response.heartbeatMillis();
      request.returned().forEach(returned::remove);
      for (Assignment assignment : response.assignments()) {
        if (seen.add(assignment.attempt())) {
          waiting.add(assignment);
          version++;
        }
      }
      for (AttemptId revoked : response.revocations()) {
        if (waiting.removeIf(assignment -> assignment.attempt().equals(revoked))
            || !started.contains(revoked)) {
          returned.add(revoked);
          version++;
        }
      }
      for (AttemptId cancelled : response.cancellations()) {
        waiting.removeIf(assignment -> assignment.attempt().equals(cancelled));
        slots.forEach(slot -> slot.cancel(cancelled));
      }
      if (response.drain()) {
        draining = true;
      }
      if (draining && waiting.isEmpty() && started.isEmpty() && outbox.isEmpty()) {
        stopping = true;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void work(Slot slot) {
    try {
      while (true) {
        Assignment assignment = take();
        if (assignment == null) {
          return;
        }
        AttemptReport report = slot.run(assignment);
        outbox.add(report);
        busyTime.ended(System.nanoTime());
        change(() -> {
          started.remove(assignment.attempt());
          tasksDone++;
        });
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "{0}: slot stopped", settings.worker());
    }
  }

  private @Nullable Assignment take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty() && !stopping) {
        changed.await();
      }
      if (stopping) {
        return null;
      }
      Assignment next = waiting.removeFirst();
      started.add(next.attempt());
      busyTime.began(System.nanoTime());
      version++;
      changed.signalAll();
      return next;
    } finally {
      lock.unlock();
    }
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      version++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void change(Runnable change, long answeredSequence) {
    lock.lock();
    try {
      change.run();
      answered = Math.max(answered, answeredSequence);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean isStopping() {
    lock.lock();
    try {
      return stopping;
    } finally {
      lock.unlock();
    }
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.toString() : root.getMessage();
  }

  /** Ends at once; what runs is given up and its browser with it. */
  @Override
  public void close() {
    change(() -> stopping = true);
    inFlight.cancel(true);
    threads.forEach(Thread::interrupt);
    host.close();
  }
}
