package dev.ballast.server.metrics;

import dev.ballast.dispatch.DispatchException;
import dev.ballast.dispatch.Pulse;
import dev.ballast.server.desk.Desk;
import dev.ballast.server.metrics.StateCollector.Disk;
import dev.ballast.server.metrics.StateCollector.Source;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Puts the state of the open controller on {@code /q/metrics}. */
@ApplicationScoped
public class MetricsPage {
  private static final Logger LOG = Logger.getLogger(MetricsPage.class);

  private final Desk desk;
  private final PrometheusMeterRegistry registry;

  @Inject
  MetricsPage(Desk desk, PrometheusMeterRegistry registry) {
    this.desk = desk;
    this.registry = registry;
  }

  void start(@Observes StartupEvent event) {
    registry.getPrometheusRegistry().register(new StateCollector(this::source));
  }

  private Optional<Source> source() {
    return desk.openNow()
        .map(open ->
            new Source(pulse(open), open.outlook().pools(), open.events().readers(), disk(open)));
  }

  private static Optional<Pulse> pulse(Desk.Open open) {
    if (open.dispatch().notReady().isPresent()) {
      return Optional.empty();
    }
    try {
      return Optional.of(open.dispatch().pulse());
    } catch (DispatchException e) {
      LOG.debug("dispatch does not answer; its state is absent from the metrics", e);
      return Optional.empty();
    }
  }

  private static Optional<Disk> disk(Desk.Open open) {
    try {
      FileStore store = Files.getFileStore(open.data());
      return Optional.of(new Disk(store.getUsableSpace(), store.getTotalSpace()));
    } catch (IOException e) {
      LOG.warnf("the disk of %s cannot be asked for its size: %s", open.data(), e.getMessage());
      return Optional.empty();
    }
  }
}
