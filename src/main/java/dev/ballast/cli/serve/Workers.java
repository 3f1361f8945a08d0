package dev.ballast.cli.serve;

import dev.ballast.cli.command.CommandException;
import dev.ballast.cli.command.Machine;
import dev.ballast.model.SyncResponse;
import dev.ballast.model.WorkerId;
import dev.ballast.store.BallastJson;
import dev.ballast.worker.Agent;
import dev.ballast.worker.AgentSettings;
import dev.ballast.worker.Controller;
import dev.ballast.worker.Downloads;
import dev.ballast.worker.HttpController;
import dev.ballast.worker.MeasuringRoom;
import dev.ballast.worker.ModelShelf;
import dev.ballast.worker.PageServer;
import dev.ballast.worker.Trust;
import dev.ballast.worker.WorkerTools;
import dev.ballast.worker.browser.BrowserException;
import dev.ballast.worker.browser.BrowserLauncher;
import dev.ballast.worker.browser.LaunchOptions;
import dev.ballast.worker.measure.MachineLoad;
import dev.ballast.worker.measure.MeasureTurn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The workers of this process: one for each browser, and what they share. */
public final class Workers implements AutoCloseable {
  private static final Duration LONG_POLL = Duration.ofSeconds(2);

  private final CompletableFuture<URI> server = new CompletableFuture<>();
  private final PageServer pages = new PageServer();
  private final WorkerTools tools;
  private final Path temporary;
  private final List<Agent> agents = new ArrayList<>();
  private final Map<String, Integer> named = new HashMap<>();
  private @Nullable Identity identity;
  private volatile Supplier<Optional<String>> token = Optional::empty;
  private volatile @Nullable SSLContext trusted;

  private record Identity(String name, String node) {}

  /** {@code data}: downloaded models are cached and profiles of browsers lie below it. */
  Workers(Path data, Supplier<Downloads> downloads) {
    this.tools =
        new WorkerTools(
            pages,
            new ModelShelf(pages, data.resolve("models"), downloads),
            new MeasuringRoom(MeasureTurn.ofThisMachine(), MachineLoad.ofThisMachine()),
            Optional.of(data.resolve("reports")));
    this.temporary = data.resolve("browsers");
  }

  /** The only worker of this process by the names that its owner gave it and its machine. */
  void call(String name, String node) {
    identity = new Identity(name, node);
  }

  /** Shows that token to the controller. */
  void showToken(String shown) {
    token = () -> Optional.of(shown);
  }

  /** Recognises the controller by what these certificates (PEM) signed. */
  void trust(Path certificates) {
    try {
      trusted = Trust.only(certificates);
    } catch (IOException e) {
      throw CommandException.usage("the certificates cannot be used: " + e.getMessage());
    }
  }

  /** Shows the token in that file to the controller, whatever it holds at the time. */
  void showTokenOf(Path file) {
    token =
        () -> {
          try {
            return Optional.of(Files.readString(file).strip());
          } catch (IOException e) {
            throw new UncheckedIOException("the token cannot be read: " + e.getMessage(), e);
          }
        };
  }

  /** Starts a worker for a browser at once; it joins when {@link #join} has said where. */
  void start(WorkerPlan plan) {
    try {
      start(
          plan.browser().launcher(LaunchOptions.in(temporary).withArguments(plan.arguments())),
          plan.pool(),
          plan.labels(),
          plan.slots(),
          OptionalLong.empty());
    } catch (BrowserException e) {
      throw CommandException.environment(e.getMessage());
    }
  }

  /** {@code browserMemory}: what the browser may use; empty: as much as this process. */
  void start(
      BrowserLauncher launcher,
      String pool,
      Map<String, String> poolLabels,
      int slots,
      OptionalLong browserMemory) {
    Map<String, String> labels = new HashMap<>(Map.of("browser", launcher.kind().name()));
    labels.putAll(poolLabels);
    String name = pool + "-" + named.merge(pool, 1, Integer::sum);
    Machine machine = Machine.here();
    OptionalLong memory = browserMemory.isPresent() ? browserMemory : machine.memoryBytes();
    Identity own =
        identity == null ? new Identity(machine.host() + "-" + name, machine.host()) : identity;
    AgentSettings settings =
        new AgentSettings(
            new WorkerId(own.name()),
            pool,
            labels,
            machine.id(),
            own.node(),
            machine.os(),
            slots,
            memory,
            modelBudgetBytes(memory),
            LONG_POLL);
    Controller controller = request -> server.thenCompose(address -> exchange(address, request));
    Agent agent = new Agent(settings, launcher, controller, pages, tools);
    agents.add(agent);
    agent.start();
  }

  private final Map<URI, HttpController> controllers = new HashMap<>();

  private CompletableFuture<SyncResponse> exchange(
      URI address, dev.ballast.model.SyncRequest request) {
    HttpController controller;
    synchronized (controllers) {
      controller =
          controllers.computeIfAbsent(
              address, found -> new HttpController(found, BallastJson.mapper(), token, trusted));
    }
    return controller.sync(request);
  }

  /**
   * The controller is up there: join it, all together. The start of a browser would disturb what
   * another one measures.
   */
  void join(URI address) {
    CompletableFuture<?>[] started =
        agents.stream()
            .map(agent -> agent.ready().exceptionally(_ -> null))
            .toArray(CompletableFuture<?>[]::new);
    var _ = CompletableFuture.allOf(started).thenRun(() -> server.complete(address));
  }

  /** What serves pages to the browsers. */
  public PageServer pages() {
    return pages;
  }

  public List<Agent> agents() {
    return List.copyOf(agents);
  }

  /** A quarter of the memory, so that models never crowd out the browser that runs them. */
  private static long modelBudgetBytes(OptionalLong memoryBytes) {
    return memoryBytes.orElse(4L << 30) / 4;
  }

  @Override
  public void close() {
    List<Thread> closing = new ArrayList<>();
    for (Agent agent : agents) {
      closing.add(Thread.ofVirtual().start(agent::close));
    }
    for (Thread thread : closing) {
      try {
        thread.join(Duration.ofSeconds(10));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    pages.close();
  }
}
