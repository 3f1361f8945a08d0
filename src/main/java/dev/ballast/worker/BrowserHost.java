package dev.ballast.worker;

import dev.ballast.model.BrowserInstance;
import dev.ballast.model.Capability;
import dev.ballast.worker.browser.Browser;
import dev.ballast.worker.browser.BrowserException;
import dev.ballast.worker.browser.BrowserLauncher;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Owns the one browser of a worker: starts it when it is needed, probes it, and starts it again
 * after it was lost.
 */
final class BrowserHost implements AutoCloseable {
  /** A browser that runs now; {@code identity.instance} is new at every start. */
  record Running(Browser browser, BrowserInstance identity, Capability capability, Instant since) {
    boolean isLost() {
      return browser.lost().isDone();
    }
  }

  private final BrowserLauncher launcher;
  private final Probe probe;
  private final Object starting = new Object();
  private final AtomicReference<@Nullable Running> current = new AtomicReference<>();
  private CompletableFuture<Void> endings = CompletableFuture.completedFuture(null);
  private volatile OptionalLong memoryBytes = OptionalLong.empty();
  private volatile long measuredNanos;
  private volatile boolean closed;
  private volatile CompletableFuture<Void> gone = CompletableFuture.completedFuture(null);

  BrowserHost(BrowserLauncher launcher, Probe probe) {
    this.launcher = launcher;
    this.probe = probe;
  }

  /** The running browser, started now when there is none. */
  Running running() throws BrowserException {
    synchronized (starting) {
      Running now = current.get();
      if (now != null && !now.isLost()) {
        return now;
      }
      if (closed) {
        throw new BrowserException("the worker is stopping");
      }
      if (now != null) {
        discard(now);
      }
      now = start();
      var end = new CompletableFuture<Void>();
      gone = end;
      var _ = now.browser().lost().thenRun(() -> end.complete(null));
      current.set(now);
      return now;
    }
  }

  /** Completes when the browser that was started last is lost or given up; at once when none is. */
  CompletableFuture<Void> gone() {
    return gone;
  }

  /** The running browser, if it is there and alive. */
  Optional<Running> current() {
    Running now = current.get();
    return now == null || now.isLost() ? Optional.empty() : Optional.of(now);
  }

  /**
   * The memory that was last measured of the running browser; absent before that, or where it can't
   * be seen.
   */
  OptionalLong memoryBytes() {
    return current().isPresent() ? memoryBytes : OptionalLong.empty();
  }

  /**
   * Measures the memory of the running browser. That walks all pages of all its processes, some
   * tens of milliseconds of a core: never to be done while anything is timed.
   */
  OptionalLong measureMemory() {
    memoryBytes = current().map(now -> now.browser().memoryBytes()).orElse(OptionalLong.empty());
    measuredNanos = System.nanoTime();
    return memoryBytes;
  }

  /** As {@link #measureMemory}, unless that was done less than {@code age} ago. */
  OptionalLong memoryNotOlderThan(Duration age) {
    OptionalLong known = memoryBytes();
    return known.isPresent() && System.nanoTime() - measuredNanos < age.toNanos()
        ? known
        : measureMemory();
  }

  /**
   * Gives up a browser that is no longer to be trusted; the next use starts another. Nobody waits
   * until its processes are gone: that may take seconds, and whoever lost it has a report to send.
   */
  void discard(Running broken) {
    if (current.compareAndSet(broken, null)) {
      gone.complete(null);
      end(broken.browser());
    }
  }

  private synchronized void end(Browser browser) {
    var ending = CompletableFuture.runAsync(browser::close, Thread::startVirtualThread);
    endings = CompletableFuture.allOf(endings, ending);
  }

  private Running start() throws BrowserException {
    Browser browser = launcher.launch();
    try {
      Capability capability = probe.examine(browser, Duration.ofSeconds(30));
      BrowserInstance identity =
          new BrowserInstance(
              browser.kind(), browser.version(), UUID.randomUUID().toString(), browser.arguments());
      return new Running(browser, identity, capability, Instant.now());
    } catch (BrowserException | RuntimeException e) {
      browser.close();
      throw e;
    }
  }

  @Override
  public void close() {
    closed = true;
    synchronized (starting) {
      Running now = current.get();
      if (now != null) {
        discard(now);
      }
    }
    ended().join();
  }

  /** Completes when every browser that was given up is gone. */
  private synchronized CompletableFuture<Void> ended() {
    return endings;
  }
}
