package dev.ballast.cli.serve;

import dev.ballast.cli.command.CommandException;
import dev.ballast.cli.command.CommonOptions;
import dev.ballast.cli.command.Exit;
import dev.ballast.cli.command.Interrupt;
import dev.ballast.cli.command.ServedCommand;
import dev.ballast.cli.history.HistoryOptions;
import dev.ballast.dispatch.DispatchSettings;
import dev.ballast.server.door.Door;
import dev.ballast.server.events.EventLog;
import dev.ballast.store.Retention;
import jakarta.enterprise.inject.spi.CDI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A controller with its workers on loopback, until Ctrl-C. */
@Command(
    name = "local",
    description = "A controller, its API and one worker per browser on loopback, until Ctrl-C.")
public final class LocalCommand implements ServedCommand {
  @Mixin CommonOptions common = new CommonOptions();
  @Mixin ListenOptions listen = new ListenOptions();
  @Mixin TlsOptions tls = new TlsOptions();
  @Mixin HistoryOptions history = new HistoryOptions();

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Port to listen on (default: ${DEFAULT-VALUE}).")
  int port = 7878;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Workers for each browser found; 0: only others' (default: ${DEFAULT-VALUE}).")
  int workers = 1;

  private @Nullable LocalSession session;

  @Override
  public void prepare() {
    if (port < 0 || port > 65535) {
      throw CommandException.usage("--port (%d) must lie in 0–65535".formatted(port));
    }
    if (workers < 0 || workers > 64) {
      throw CommandException.usage("--workers (%d) must lie in 0–64".formatted(workers));
    }
    Optional<String> token = listen.token();
    Retention retention = history.retention();
    listen.announce();
    System.setProperty("quarkus.log.category.\"" + EventLog.CATEGORY + "\".level", "INFO");
    Browsers browsers = workers == 0 ? new Browsers(java.util.List.of()) : Browsers.find();
    LocalServer server = LocalServer.on(listen.host, port, tls.on());
    tls.configure(server.port());
    session =
        LocalSession.prepare(
            ControllerService.open(common.dataDirectory(), DispatchSettings.DEFAULTS, 1)
                .retaining(retention),
            WorkerPlan.ofBrowsers(browsers, workers),
            server,
            new LocalSession.Access(token, Optional.ofNullable(tls.certificate())));
  }

  @Override
  public int serve() {
    LocalSession prepared = session;
    if (prepared == null) {
      throw new IllegalStateException("not prepared");
    }
    Interrupt interrupt = Interrupt.watch();
    try (prepared) {
      listen.guard(CDI.current().select(Door.class).get(), common.dataDirectory());
      prepared.open();
      System.err.printf(
          "Ballast listens on %s (Ctrl-C ends it); data in %s%n",
          prepared.server().address(), common.dataDirectory());
      CompletableFuture<String> failed = prepared.service().dispatch().failed();
      CompletableFuture.anyOf(failed, interrupt.asked()).join();
      if (failed.isDone()) {
        throw CommandException.environment(failed.join());
      }
      System.err.println("Stopping.");
    }
    return Exit.OK;
  }
}
