package dev.ballast.operator;

import com.google.common.base.Splitter;
import dev.ballast.balancer.Outlook;
import dev.ballast.balancer.Priors;
import dev.ballast.balancer.Profiles;
import dev.ballast.dispatch.DispatchLoop;
import dev.ballast.dispatch.DispatchSettings;
import dev.ballast.dispatch.TestingJournal;
import dev.ballast.operator.pool.BrowserImages;
import dev.ballast.operator.pool.WorkerPods;
import dev.ballast.operator.validation.JobTranslator;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A controller as the command makes it, with a journal in memory and its requests counted. */
final class TestingController implements AutoCloseable {
  static final List<String> MODELS =
      List.of("silero-vad", "ppocr-cls", "ppocr-det", "minilm-l6-v2", "tiny-decoder");

  /** Statuses of what changes all the time: half of what is shipped, so that tests wait less. */
  static final Duration INTERVAL = Duration.ofMillis(500);

  private final KubernetesClient client;
  private final DispatchLoop dispatch;
  private final Outlook outlook = new Outlook();
  private final ClusterOperator operator;
  private volatile Instant lastWrite = Instant.now();
  private final List<String> writes = new CopyOnWriteArrayList<>();
  private final Set<Permission> used = ConcurrentHashMap.newKeySet();

  /** What an account must be allowed for a request. */
  record Permission(String group, String resource, String verb) {}

  TestingController(TestingJournal journal, String... namespaces) {
    this(TestingCluster.shared().clientConfig(), journal, journal.nextEpoch() + 1, namespaces);
  }

  /** {@code config}: as whom it speaks with the API server. */
  TestingController(Config config, TestingJournal journal, long epoch, String... namespaces) {
    this(config, journal, epoch, List.of(), namespaces);
  }

  /** {@code wire}: what its requests pass through, in that order. */
  TestingController(
      Config config,
      TestingJournal journal,
      long epoch,
      List<Interceptor> wire,
      String... namespaces) {
    journal.reignFrom(epoch);
    this.client = client(config, wire, new Counter());
    Profiles profiles = new Profiles(Priors.DEFAULTS);
    this.dispatch =
        new DispatchLoop(
            journal,
            profiles,
            DispatchSettings.DEFAULTS,
            new DispatchLoop.Ports(
                InstantSource.system(), new Random(1), () -> UUID.randomUUID().toString()));
    try {
      this.operator =
          ClusterOperator.start(
              client,
              dispatch,
              outlook,
              new JobTranslator(MODELS),
              epoch,
              new OperatorSettings(
                  Set.of(namespaces),
                  new WorkerPods(
                      "ballast:test",
                      URI.create("http://ballast-controller:7878"),
                      BrowserImages.DEFAULTS,
                      Optional.empty()),
                  "test",
                  DispatchSettings.DEFAULTS.lease(),
                  INTERVAL));
    } catch (RuntimeException e) {
      dispatch.close();
      client.close();
      throw e;
    }
  }

  DispatchLoop dispatch() {
    return dispatch;
  }

  /** What the forecast says, which here the test is. */
  Outlook outlook() {
    return outlook;
  }

  /** A client whose requests pass through {@code wire}, in that order. */
  static KubernetesClient client(Config config, List<Interceptor> wire, Interceptor... last) {
    List<Interceptor> all = new ArrayList<>(wire);
    all.addAll(List.of(last));
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withHttpClientBuilderConsumer(http -> {
          for (int i = 0; i < all.size(); i++) {
            http.addOrReplaceInterceptor("wire-" + i, all.get(i));
          }
        })
        .build();
  }

  /** Method and path of each request since the start that was not a read. */
  List<String> writes() {
    return List.copyOf(writes);
  }

  /** What its requests, and those through {@link #client}, needed. */
  Set<Permission> used() {
    return Set.copyOf(used);
  }

  /** The client that it speaks through. */
  KubernetesClient client() {
    return client;
  }

  /** How long nothing was written, or since the start. */
  Duration quietFor() {
    return Duration.between(lastWrite, Instant.now());
  }

  /** The process dies: nothing is said to anyone. */
  @Override
  public void close() {
    operator.close();
    dispatch.close();
    client.close();
  }

  private final class Counter implements Interceptor {
    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
      used.addAll(permissions(request));
      if (!request.method().equals("GET")) {
        lastWrite = Instant.now();
        writes.add(request.method() + " " + request.uri().getPath());
      }
    }
  }

  /** As the API server derives them: /api(s)/GROUP/VERSION/namespaces/NS/RESOURCE/NAME/SUB. */
  private static Set<Permission> permissions(HttpRequest request) {
    List<String> path =
        new ArrayList<>(Splitter.on('/').omitEmptyStrings().splitToList(request.uri().getPath()));
    String group = path.removeFirst().equals("api") ? "" : path.removeFirst();
    path.removeFirst();
    if (path.size() > 2 && path.getFirst().equals("namespaces")) {
      path.removeFirst();
      path.removeFirst();
    }
    String resource = path.getFirst() + (path.size() > 2 ? "/" + path.get(2) : "");
    boolean watch = String.valueOf(request.uri().getQuery()).contains("watch=true");
    return switch (request.method()) {
      case "GET" ->
          Set.of(
              new Permission(group, resource, watch ? "watch" : path.size() > 1 ? "get" : "list"));
      case "POST" -> Set.of(new Permission(group, resource, "create"));
      case "PUT" -> Set.of(new Permission(group, resource, "update"));
      case "DELETE" -> Set.of(new Permission(group, resource, "delete"));
      // Server-side apply, which alone has "force", may have to create what it is about.
      case "PATCH" ->
          String.valueOf(request.uri().getQuery()).contains("force=") && path.size() == 2
              ? Set.of(
                  new Permission(group, resource, "patch"),
                  new Permission(group, resource, "create"))
              : Set.of(new Permission(group, resource, "patch"));
      default -> throw new IllegalArgumentException(request.method());
    };
  }
}
