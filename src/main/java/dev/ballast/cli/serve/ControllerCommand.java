package dev.ballast.cli.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ballast.cli.command.CommandException;
import dev.ballast.cli.command.CommonOptions;
import dev.ballast.cli.command.Exit;
import dev.ballast.cli.command.Interrupt;
import dev.ballast.cli.command.ServedCommand;
import dev.ballast.cli.history.HistoryOptions;
import dev.ballast.dispatch.DispatchSettings;
import dev.ballast.operator.ClusterOperator;
import dev.ballast.operator.Fence;
import dev.ballast.operator.Leadership;
import dev.ballast.operator.OperatorSettings;
import dev.ballast.operator.pool.BrowserImages;
import dev.ballast.operator.pool.WorkerPods;
import dev.ballast.operator.validation.JobTranslator;
import dev.ballast.server.desk.Desk;
import dev.ballast.server.door.Door;
import dev.ballast.server.door.JoinTokens;
import dev.ballast.server.door.cluster.ClusterGuard;
import dev.ballast.server.door.cluster.Reviews;
import dev.ballast.server.events.EventLog;
import dev.ballast.server.jobs.cluster.ClusterJobs;
import dev.ballast.store.Retention;
import dev.ballast.worker.models.BuiltinModel;
import dev.ballast.worker.models.BuiltinModels;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import jakarta.enterprise.inject.spi.CDI;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The controller of a cluster: its API, dispatch, and the operator for pools and jobs. */
@Command(
    name = "controller",
    description =
        "The controller of a Kubernetes cluster: runs its TestJobs on the workers of its"
            + " BrowserPools.")
public final class ControllerCommand implements ServedCommand {
  @Mixin CommonOptions common = new CommonOptions();
  @Mixin TlsOptions tls = new TlsOptions();
  @Mixin HistoryOptions history = new HistoryOptions();

  @Option(
      names = "--join-tokens",
      paramLabel = "FILE",
      description =
          "Hashes of the tokens of outside workers, as join-token writes them (default: join-tokens"
              + " in the data directory).")
  @Nullable Path joinTokens;

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      description =
          "Watch this namespace; may be given several times (default: the one it runs in).")
  List<String> namespaces = new ArrayList<>();

  @Option(names = "--all-namespaces", description = "Watch all namespaces.")
  boolean allNamespaces;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Port of the API on all addresses (default: ${DEFAULT-VALUE}).")
  int port = 7878;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "Where workers find this controller (default: ${DEFAULT-VALUE}).")
  URI server = URI.create("http://ballast-controller:7878");

  @Option(
      names = "--worker-image",
      paramLabel = "IMAGE",
      description =
          "Image of the agent in the pods of pools (default: the one this runs from, else"
              + " ballast:latest).")
  @Nullable String workerImage;

  @Option(
      names = "--worker-template",
      paramLabel = "FILE",
      description =
          "YAML of {metadata: …, spec: …} merged over every worker's pod, below its pool's"
              + " podTemplate.")
  @Nullable Path workerTemplate;

  @Option(
      names = "--browser-image",
      paramLabel = "KIND=REPOSITORY",
      description = "Repository of the default image of a kind; may be given several times.")
  Map<String, String> browserImages = new LinkedHashMap<>();

  @Option(
      names = "--browser-version",
      paramLabel = "TAG",
      description = "Tag of default images where a pool names none (default: ${DEFAULT-VALUE}).")
  String browserVersion = BrowserImages.DEFAULTS.version();

  @Option(
      names = "--lease",
      paramLabel = "NAME",
      description = "Lease of the controller that may act (default: ${DEFAULT-VALUE}).")
  String lease = "ballast-controller";

  private final Fence fence = new Fence();
  private @Nullable KubernetesClient client;
  private @Nullable WorkerPods workerPods;

  @Override
  public void prepare() {
    System.setProperty("quarkus.http.host", "0.0.0.0");
    System.setProperty("quarkus.http.port", String.valueOf(port));
    System.setProperty("quarkus.log.console.json.enabled", "true");
    System.setProperty("quarkus.log.category.\"" + EventLog.CATEGORY + "\".level", "INFO");
    var _ = history.retention();
    tls.configure(port);
    Door.announceGuard();
    Map<String, String> images = new HashMap<>(BrowserImages.DEFAULTS.repositories());
    images.putAll(browserImages);
    Optional<JsonNode> template = template();
    KubernetesClient api = fence.around(new KubernetesClientBuilder().withConfig(config())).build();
    client = api;
    String image =
        workerImage != null
            ? workerImage
            : ControllerPod.here().image(api, home(api)).orElse("ballast:latest");
    workerPods = new WorkerPods(image, server, new BrowserImages(images, browserVersion), template);
  }

  private static String home(KubernetesClient api) {
    return Optional.ofNullable(api.getNamespace()).orElse("default");
  }

  private Optional<JsonNode> template() {
    Path file = workerTemplate;
    if (file == null) {
      return Optional.empty();
    }
    try {
      JsonNode read =
          new ObjectMapper()
              .valueToTree(Serialization.unmarshal(Files.readString(file), Map.class));
      if (read instanceof ObjectNode) {
        return Optional.of(read);
      }
    } catch (IOException | IllegalArgumentException | KubernetesClientException e) {
      throw CommandException.usage(
          "--worker-template %s cannot be read: %s".formatted(file, e.getMessage()));
    }
    throw CommandException.usage(
        "--worker-template %s must hold {metadata: …, spec: …}".formatted(file));
  }

  private static Config config() {
    Config config = Config.autoConfigure(null);
    // Where nothing names a cluster, the client takes the name that is only known in pods.
    boolean named = !String.valueOf(config.getMasterUrl()).contains("kubernetes.default.svc");
    if (!named && System.getenv("KUBERNETES_SERVICE_HOST") == null) {
      throw CommandException.environment(
          "no cluster: this runs in a pod, or where KUBECONFIG or ~/.kube/config names one");
    }
    return config;
  }

  @Override
  public int serve() {
    KubernetesClient api = client;
    WorkerPods pods = workerPods;
    if (api == null || pods == null) {
      throw new IllegalStateException("not prepared");
    }
    Interrupt interrupt = Interrupt.watch();
    String home = home(api);
    Path joining =
        joinTokens == null ? common.dataDirectory().resolve(JoinTokenCommand.FILE) : joinTokens;
    CDI.current()
        .select(Door.class)
        .get()
        .post(
            new ClusterGuard(api, CDI.current().select(Reviews.class).get(), InstantSource.system())
                .joinedBy(new JoinTokens(joining, InstantSource.system())));
    try (api;
        Leadership leadership =
            Leadership.stand(api, home, lease, ControllerPod.here().candidate())) {
      fence.ask(leadership::leads);
      CompletableFuture.anyOf(leadership.won(), interrupt.asked()).join();
      if (interrupt.happened()) {
        return Exit.OK;
      }
      return lead(api, pods, home, leadership, interrupt);
    } catch (KubernetesClientException e) {
      throw CommandException.environment(
          "the API server at %s refuses or cannot be reached: %s"
              .formatted(api.getMasterUrl(), e.getMessage()));
    }
  }

  private int lead(
      KubernetesClient api,
      WorkerPods pods,
      String home,
      Leadership leadership,
      Interrupt interrupt) {
    Desk desk = CDI.current().select(Desk.class).get();
    Retention retention = history.retention();
    Set<String> watched =
        allNamespaces ? Set.of() : namespaces.isEmpty() ? Set.of(home) : Set.copyOf(namespaces);
    try (ControllerService service =
            ControllerService.open(
                    common.dataDirectory(), DispatchSettings.DEFAULTS, 1, leadership.epoch())
                .retaining(retention);
        ClusterOperator operator =
            ClusterOperator.start(
                api,
                service.dispatch(),
                service.outlook(),
                new JobTranslator(
                    BuiltinModels.shipped().all().stream().map(BuiltinModel::id).toList()),
                service.dispatch().epoch(),
                new OperatorSettings(
                    watched,
                    pods,
                    Optional.ofNullable(System.getenv("HOSTNAME")).orElse(""),
                    DispatchSettings.DEFAULTS.lease(),
                    Duration.ofSeconds(1)));
        ClusterJobs jobs = new ClusterJobs(api, operator.testJobs(), service.dispatch())) {
      desk.open(service.desk().withJobs(jobs));
      System.err.printf(
          "Ballast controls %s (reign %d); API on port %d, data in %s%n",
          watched.isEmpty() ? "all namespaces" : "namespaces " + watched,
          service.dispatch().epoch(),
          port,
          common.dataDirectory());
      CompletableFuture<String> failed =
          CompletableFuture.anyOf(operator.failed(), service.dispatch().failed())
              .thenApply(String::valueOf);
      CompletableFuture.anyOf(leadership.lost(), failed, interrupt.asked()).join();
      desk.close();
      if (failed.isDone()) {
        throw CommandException.environment(failed.join());
      }
      if (!interrupt.happened()) {
        System.err.println("Another controller leads now; this one ends.");
        return Exit.ENVIRONMENT;
      }
      System.err.println("Stopping.");
      return Exit.OK;
    }
  }
}
