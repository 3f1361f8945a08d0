package dev.ballast.worker;

import dev.ballast.model.WorkerId;
import dev.ballast.worker.browser.BrowserException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Starts the worker's browser, and starts it again when it was lost, task or no task: a worker
 * without a browser tells that it is not healthy, and is given nothing that would make it start
 * one.
 */
final class BrowserKeeper {
  private static final Logger LOG = System.getLogger(BrowserKeeper.class.getName());
  private static final int START_TRIES = 3;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LAST_PAUSE = Duration.ofSeconds(10);

  private final WorkerId worker;
  private final BrowserHost host;
  private final Workload workload;

  BrowserKeeper(WorkerId worker, BrowserHost host, Workload workload) {
    this.worker = worker;
    this.host = host;
    this.workload = workload;
  }

  /** The first start; tried a few times, because what is in the way may pass. */
  void launch() throws BrowserException, InterruptedException {
    for (int tried = 1; ; tried++) {
      try {
        host.running();
        host.measureMemory();
        return;
      } catch (BrowserException e) {
        if (tried == START_TRIES || workload.isStopping()) {
          throw e;
        }
        LOG.log(
            Level.WARNING,
            "{0}: the browser did not start ({1}); trying again",
            worker,
            e.getMessage());
        TimeUnit.MILLISECONDS.sleep(500L * tried);
      }
    }
  }

  /** Goes on until the worker stops. */
  void keep() throws InterruptedException {
    Duration pause = FIRST_PAUSE;
    while (!workload.isStopping()) {
      try {
        host.gone().get();
        workload.touch();
        host.running();
        workload.touch();
        pause = FIRST_PAUSE;
      } catch (BrowserException | ExecutionException e) {
        LOG.log(
            workload.isStopping() ? Level.DEBUG : Level.WARNING,
            "{0}: the browser does not start again, trying on: {1}",
            worker,
            e.getMessage());
        TimeUnit.NANOSECONDS.sleep(pause.toNanos());
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(LAST_PAUSE) > 0 ? LAST_PAUSE : longer;
      }
    }
  }
}
