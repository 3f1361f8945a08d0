package dev.ballast.cli.serve;

import dev.ballast.server.desk.Desk;
import dev.ballast.worker.Downloads;
import jakarta.enterprise.inject.spi.CDI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A controller and its workers in this process, on loopback. Browsers start while the service still
 * boots.
 */
public final class LocalSession implements AutoCloseable {
  private final ControllerService service;
  private final Workers workers;
  private final LocalServer server;

  private LocalSession(ControllerService service, Workers workers, LocalServer server) {
    this.service = service;
    this.workers = workers;
    this.server = server;
  }

  /**
   * What its own workers need to be let in.
   *
   * @param certificate of the service, where it speaks TLS
   */
  public record Access(Optional<String> token, Optional<Path> certificate) {
    public static final Access OPEN = new Access(Optional.empty(), Optional.empty());
  }

  /**
   * Before the service is booted.
   *
   * @param service is closed when this fails
   */
  public static LocalSession prepare(
      ControllerService service, List<WorkerPlan> plans, LocalServer server, Access access) {
    server.configure();
    Workers workers =
        new Workers(service.directory().path(), () -> CDI.current().select(Downloads.class).get());
    access.token().ifPresent(workers::showToken);
    access.certificate().ifPresent(workers::trust);
    try {
      plans.forEach(workers::start);
      return new LocalSession(service, workers, server);
    } catch (RuntimeException e) {
      workers.close();
      service.close();
      throw e;
    }
  }

  /** Once the service is up. */
  public void open() {
    CDI.current().select(Desk.class).get().open(service.desk());
    service.directory().announce(server.address());
    workers.join(server.address());
  }

  public ControllerService service() {
    return service;
  }

  public Workers workers() {
    return workers;
  }

  public LocalServer server() {
    return server;
  }

  @Override
  public void close() {
    workers.close();
    CDI.current().select(Desk.class).get().close();
    service.close();
  }
}
