package dev.ballast.cli.serve;

import dev.ballast.cli.command.CommandException;
import dev.ballast.cli.command.CommonOptions;
import dev.ballast.cli.command.Exit;
import dev.ballast.cli.command.Interrupt;
import dev.ballast.cli.command.Machine;
import dev.ballast.cli.command.ServedCommand;
import dev.ballast.model.BrowserKind;
import dev.ballast.server.door.JoinTokens;
import dev.ballast.worker.Agent;
import dev.ballast.worker.Downloads;
import dev.ballast.worker.browser.InstalledBrowser;
import dev.ballast.worker.browser.LaunchOptions;
import dev.ballast.worker.browser.RemoteWebDriver;
import jakarta.enterprise.inject.spi.CDI;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One worker, as a process of its own. */
@Command(
    name = "worker",
    description =
        "A worker for a controller elsewhere: one browser of this machine, or one that already"
            + " listens.")
public final class WorkerCommand implements ServedCommand {
  @Mixin CommonOptions common = new CommonOptions();

  @Option(
      names = "--server",
      paramLabel = "URL",
      required = true,
      description = "The controller, for example http://127.0.0.1:7878.")
  URI server = URI.create("http://127.0.0.1:7878");

  @Option(
      names = "--pool",
      paramLabel = "NAME",
      required = true,
      description =
          "The pool to join; for a browser of this machine also its kind, unless --browser says"
              + " so.")
  String pool = "";

  @Option(
      names = "--browser",
      paramLabel = "KIND",
      description = "Kind of browser (default: the pool's name).")
  @Nullable String browser;

  @Option(
      names = "--webdriver",
      paramLabel = "URL",
      description =
          "Drive the browser behind this WebDriver endpoint, for example http://127.0.0.1:4444.")
  @Nullable URI webdriver;

  @Option(
      names = "--slots",
      paramLabel = "N",
      description = "Attempts at a time (default: ${DEFAULT-VALUE}).")
  int slots = 1;

  @Option(
      names = "--browser-memory",
      paramLabel = "BYTES",
      description =
          "Memory that the browser behind --webdriver may use (default: what this process may).")
  @Nullable Long browserMemory;

  @Option(
      names = "--argument",
      paramLabel = "ARG",
      description =
          "An argument (or Firefox preference name=value) for the browser; may be given several"
              + " times.")
  List<String> arguments = new ArrayList<>();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name of the worker (default: made of machine and pool).")
  @Nullable String name;

  @Option(
      names = "--node",
      paramLabel = "NAME",
      description = "Name of the machine, for results (default: its host name).")
  @Nullable String node;

  @Option(
      names = "--label",
      paramLabel = "NAME=VALUE",
      description = "A label of the pool, for poolSelector; may be given several times.")
  Map<String, String> labels = new LinkedHashMap<>();

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Show the token in this file to the controller.")
  @Nullable Path tokenFile;

  @Option(
      names = "--join-token-file",
      paramLabel = "FILE",
      description =
          "Join the pool by the token in this file, made with join-token; the worker's name then"
              + " ends with @POOL.")
  @Nullable Path joinTokenFile;

  @Option(
      names = "--ca-file",
      paramLabel = "FILE",
      description =
          "Recognise the controller by these certificates (PEM) over TLS (default: the file in"
              + " BALLAST_CA_FILE, else what this machine trusts).")
  @Nullable Path caFile;

  @Option(
      names = "--health-port",
      paramLabel = "N",
      description =
          "Answer /health/started, /health/ready and /health/live there (default: nowhere).")
  @Nullable Integer healthPort;

  private @Nullable Workers workers;

  @Override
  public void prepare() {
    if (slots < 1 || slots > 64) {
      throw CommandException.usage("--slots (%d) must lie in 1–64".formatted(slots));
    }
    if (browserMemory != null && browserMemory < 1) {
      throw CommandException.usage(
          "--browser-memory (%d) must be at least 1".formatted(browserMemory));
    }
    if (!"http".equals(server.getScheme()) && !"https".equals(server.getScheme())) {
      throw CommandException.usage(
          "--server %s: must be an http(s) URL. Maybe http://127.0.0.1:7878?".formatted(server));
    }
    System.setProperty("quarkus.http.host-enabled", "false");
    Workers own =
        new Workers(common.dataDirectory(), () -> CDI.current().select(Downloads.class).get());
    workers = own;
    Path token = tokenFile;
    if (token != null) {
      own.showTokenOf(token);
    }
    String told = System.getenv("BALLAST_CA_FILE");
    Path authority = caFile == null && told != null ? Path.of(told) : caFile;
    if (authority != null) {
      own.trust(authority);
    }
    String called = name;
    Path joining = joinTokenFile;
    if (joining != null) {
      own.showTokenOf(joining);
      String host = Machine.here().host();
      called = JoinTokens.workerName(called == null ? host + "-" + pool : called, pool);
    }
    if (called != null) {
      own.call(called, node == null ? Machine.here().host() : node);
    }
    String kind = browser == null ? pool : browser;
    URI endpoint = webdriver;
    if (endpoint != null) {
      own.start(
          new RemoteWebDriver(
              endpoint,
              kind(kind),
              LaunchOptions.in(common.dataDirectory()).withArguments(arguments)),
          pool,
          labels,
          slots,
          browserMemory == null ? OptionalLong.empty() : OptionalLong.of(browserMemory));
    } else {
      InstalledBrowser installed =
          Browsers.find()
              .only(
                  browser == null
                      ? "--pool %s without --browser, so --browser".formatted(pool)
                      : "--browser",
                  List.of(kind))
              .found()
              .getFirst();
      own.start(new WorkerPlan(installed, pool, labels, slots, arguments));
    }
  }

  private static BrowserKind kind(String name) {
    try {
      return new BrowserKind(name);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("--browser: " + e.getMessage());
    }
  }

  @Override
  public int serve() {
    Workers own = workers;
    if (own == null) {
      throw new IllegalStateException("not prepared");
    }
    Interrupt interrupt = Interrupt.watch();
    Agent agent = own.agents().getFirst();
    try (own;
        WorkerHealth health = WorkerHealth.of(agent, healthPort)) {
      own.join(server);
      agent.ready().join();
      System.err.printf("Worker of pool %s at %s; Ctrl-C drains it%n", pool, server);
      // The first Ctrl-C lets what runs finish; a second one ends the process.
      interrupt.onAsked(agent::drain);
      CompletableFuture.allOf(agent.ended()).join();
      return Exit.OK;
    } catch (CompletionException e) {
      throw CommandException.environment("the browser could not be started: " + e.getCause());
    }
  }
}
