package dev.ballast.cli;

import dev.ballast.dispatch.DispatchSettings;
import dev.ballast.server.Desk;
import dev.ballast.worker.Downloads;
import dev.ballast.worker.browser.InstalledBrowser;
import jakarta.enterprise.inject.spi.CDI;
import java.nio.file.Path;
import java.util.List;

/**
 * A controller and its workers in this process, on loopback. Browsers start while the service still
 * boots.
 */
final class LocalSession implements AutoCloseable {
  private final ControllerService service;
  private final Workers workers;
  private final LocalServer server;

  private LocalSession(ControllerService service, Workers workers, LocalServer server) {
    this.service = service;
    this.workers = workers;
    this.server = server;
  }

  /**
   * Before the service is booted.
   *
   * @param workersEach workers for each browser found, ≥ 0
   * @param holdUnfinished jobs of an earlier run wait until they are resumed
   */
  static LocalSession prepare(
      Path data,
      Browsers browsers,
      int workersEach,
      LocalServer server,
      long seed,
      boolean holdUnfinished) {
    server.configure();
    Workers workers = new Workers(data, () -> CDI.current().select(Downloads.class).get());
    try {
      ControllerService service =
          ControllerService.open(
              data,
              holdUnfinished
                  ? DispatchSettings.DEFAULTS.holdingUnfinished()
                  : DispatchSettings.DEFAULTS,
              seed);
      for (InstalledBrowser browser : browsers.found()) {
        for (int number = 0; number < workersEach; number++) {
          workers.start(browser, browser.kind().name(), 1, List.of());
        }
      }
      return new LocalSession(service, workers, server);
    } catch (RuntimeException e) {
      workers.close();
      throw e;
    }
  }

  /** Once the service is up. */
  void open() {
    CDI.current().select(Desk.class).get().open(service.desk());
    service.directory().announce(server.address());
    workers.join(server.address());
  }

  ControllerService service() {
    return service;
  }

  Workers workers() {
    return workers;
  }

  LocalServer server() {
    return server;
  }

  @Override
  public void close() {
    workers.close();
    CDI.current().select(Desk.class).get().close();
    service.close();
  }
}
