package dev.ballast.worker;

import dev.ballast.model.AttemptReport;
import dev.ballast.worker.browser.BrowserException;
import dev.ballast.worker.browser.BrowserLauncher;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * One worker: a browser that is kept running, slots that take attempts, and the exchange with the
 * controller. A report stays in the outbox until it is acknowledged.
 */
public final class Agent implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Agent.class.getName());

  private final AgentSettings settings;
  private final BrowserHost host;
  private final BrowserKeeper keeper;
  private final List<Slot> slots = new ArrayList<>();
  private final Outbox outbox;
  private final Workload workload = new Workload();
  private final BusyTime busyTime;
  private final Exchange exchange;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final List<Thread> threads = new ArrayList<>();

  public Agent(
      AgentSettings settings,
      BrowserLauncher launcher,
      Controller controller,
      PageServer pages,
      WorkerTools tools) {
    this.settings = settings;
    this.outbox = new Outbox(tools.outbox(settings.worker()));
    this.host = new BrowserHost(launcher, new Probe(pages, settings.browserMemoryBytes()));
    this.keeper = new BrowserKeeper(settings.worker(), host, workload);
    this.busyTime = new BusyTime(settings.slots(), Duration.ofSeconds(10));
    for (int number = 0; number < settings.slots(); number++) {
      slots.add(new Slot(host, new AttemptRunner(tools, settings, host)));
    }
    this.exchange =
        new Exchange(controller, workload, outbox, new Status(settings, host, busyTime, slots));
  }

  /**
   * Starts the browser and joins. {@link #ready} tells when it is there, or that it could not be
   * started.
   */
  public void start() {
    threads.add(Thread.ofVirtual().name(settings.worker() + " exchange").start(this::exchange));
    for (Slot slot : slots) {
      threads.add(Thread.ofVirtual().name(settings.worker() + " slot").start(() -> work(slot)));
    }
    threads.add(Thread.ofVirtual().name(settings.worker() + " browser").start(this::keepBrowser));
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

  /** Whether its browser runs and was not lost. */
  public boolean hasBrowser() {
    return host.current().isPresent();
  }

  /** Takes nothing new, finishes what runs, then ends. */
  public void drain() {
    workload.drain();
  }

  private void exchange() {
    try {
      keeper.launch();
      ready.complete(null);
      exchange.run();
    } catch (BrowserException e) {
      ready.completeExceptionally(e);
      LOG.log(
          workload.isStopping() ? Level.DEBUG : Level.ERROR,
          "{0}: no browser, so nothing can run here: {1}",
          settings.worker(),
          e.getMessage());
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "{0}: stopped", settings.worker());
    } finally {
      ended.complete(null);
    }
  }

  private void keepBrowser() {
    try {
      ready.get();
      keeper.keep();
    } catch (ExecutionException | InterruptedException e) {
      LOG.log(Level.DEBUG, "{0}: nobody keeps the browser any more", settings.worker());
    }
  }

  private void work(Slot slot) {
    try {
      for (var taken = workload.take(); taken != null; taken = workload.take()) {
        busyTime.began(System.nanoTime());
        AttemptReport report = slot.run(taken.assignment(), taken.callOff());
        outbox.add(report);
        busyTime.ended(System.nanoTime());
        workload.ended(taken.assignment().attempt());
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "{0}: slot stopped", settings.worker());
    }
  }

  /** Ends at once; what runs is given up and its browser with it. */
  @Override
  public void close() {
    workload.stop();
    exchange.giveUp();
    threads.forEach(Thread::interrupt);
    host.close();
  }
}
