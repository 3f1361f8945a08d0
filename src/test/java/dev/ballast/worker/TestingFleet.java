package dev.ballast.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.balancer.Priors;
import dev.ballast.balancer.Profiles;
import dev.ballast.dispatch.DispatchLoop;
import dev.ballast.dispatch.DispatchSettings;
import dev.ballast.dispatch.Event;
import dev.ballast.dispatch.TestingJournal;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.JobSpec;
import dev.ballast.model.WorkerId;
import dev.ballast.worker.browser.Browser;
import dev.ballast.worker.browser.BrowserException;
import dev.ballast.worker.browser.BrowserLauncher;
import dev.ballast.worker.browser.InstalledBrowsers;
import dev.ballast.worker.browser.LaunchOptions;
import dev.ballast.worker.browser.Page;
import dev.ballast.worker.measure.MachineLoad;
import dev.ballast.worker.measure.MeasureTurn;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Real browsers with real agents and a real dispatch, one worker for each kind, in one process. */
final class TestingFleet implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(60);

  private final BlockingQueue<AttemptResult> ended = new LinkedBlockingQueue<>();
  private final Map<String, Page> lastPages = new ConcurrentHashMap<>();
  private final PageServer pages = new PageServer();
  private final List<Agent> agents = new ArrayList<>();
  private final DispatchLoop dispatch;

  TestingFleet(Path folder, String... kinds) throws Exception {
    Profiles profiles = new Profiles(Priors.DEFAULTS);
    dispatch =
        new DispatchLoop(
            new TestingJournal(),
            profiles,
            DispatchSettings.DEFAULTS,
            new DispatchLoop.Ports(
                InstantSource.system(), new Random(1), () -> UUID.randomUUID().toString()));
    dispatch.listen(event -> {
      if (event instanceof Event.AttemptEnded(AttemptResult result, var _, var _, var _)) {
        ended.add(result);
      }
    });
    WorkerTools tools =
        new WorkerTools(
            pages,
            new ModelShelf(pages, folder.resolve("models"), TestingSite::downloads),
            new MeasuringRoom(MeasureTurn.in(folder.resolve("turn")), MachineLoad.ofThisMachine()));
    try {
      for (String kind : kinds) {
        agents.add(agent(kind, folder.resolve("browsers"), tools));
      }
      for (Agent agent : agents) {
        agent.start();
      }
      for (Agent agent : agents) {
        agent.ready().get(SOON.toSeconds(), TimeUnit.SECONDS);
      }
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  private Agent agent(String kind, Path directory, WorkerTools tools) throws BrowserException {
    BrowserLauncher launcher =
        InstalledBrowsers.find().stream()
            .filter(found -> found.kind().name().equals(kind))
            .findFirst()
            .orElseThrow()
            .launcher(LaunchOptions.in(directory));
    AgentSettings settings =
        new AgentSettings(
            new WorkerId("worker-" + kind),
            kind,
            Map.of(),
            "machine",
            "node",
            "os",
            1,
            OptionalLong.empty(),
            1L << 30,
            Duration.ofSeconds(1));
    return new Agent(settings, watched(launcher), dispatch::sync, pages, tools);
  }

  /** The attempts of a job, in the order they ended. */
  List<AttemptResult> run(JobSpec job, int attempts) throws Exception {
    return await(submit(job), attempts);
  }

  /** The one attempt of a job. */
  AttemptResult run(JobSpec job) throws Exception {
    return run(job, 1).getFirst();
  }

  String submit(JobSpec job) throws Exception {
    return dispatch.submit(job).get();
  }

  List<AttemptResult> await(String uid, int attempts) throws Exception {
    List<AttemptResult> results = new ArrayList<>();
    while (results.size() < attempts) {
      AttemptResult result = ended.poll(2 * SOON.toSeconds(), TimeUnit.SECONDS);
      assertThat(result).as("an attempt ends").isNotNull();
      if (result.uid().equals(uid)) {
        results.add(result);
      }
    }
    return results;
  }

  /** The page that the browser of that kind opened last. */
  Page lastPage(String kind) {
    return lastPages.get(kind);
  }

  private BrowserLauncher watched(BrowserLauncher launcher) {
    return new BrowserLauncher() {
      @Override
      public BrowserKind kind() {
        return launcher.kind();
      }

      @Override
      public Browser launch() throws BrowserException {
        return new WatchedBrowser(launcher.launch());
      }
    };
  }

  /** Remembers its last page. */
  private final class WatchedBrowser implements Browser {
    private final Browser inner;

    WatchedBrowser(Browser inner) {
      this.inner = inner;
    }

    @Override
    public Page window() throws BrowserException {
      Page page = inner.window();
      lastPages.put(inner.kind().name(), page);
      return page;
    }

    @Override
    public BrowserKind kind() {
      return inner.kind();
    }

    @Override
    public String version() {
      return inner.version();
    }

    @Override
    public List<String> arguments() {
      return inner.arguments();
    }

    @Override
    public CompletableFuture<String> lost() {
      return inner.lost();
    }

    @Override
    public OptionalLong memoryBytes() {
      return inner.memoryBytes();
    }

    @Override
    public List<Long> processIds() {
      return inner.processIds();
    }

    @Override
    public void close() {
      inner.close();
    }
  }

  @Override
  public void close() {
    agents.forEach(Agent::close);
    dispatch.close();
    pages.close();
  }
}
