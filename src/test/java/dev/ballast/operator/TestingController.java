package dev.ballast.operator;

import dev.ballast.balancer.BrowserAware;
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
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** A controller as the command makes it, with a journal in memory and its requests counted. */
final class TestingController implements AutoCloseable {
  static final List<String> MODELS =
      List.of("silero-vad", "ppocr-cls", "ppocr-det", "minilm-l6-v2", "tiny-decoder");

  private final KubernetesClient client;
  private final DispatchLoop dispatch;
  private final ClusterOperator operator;
  private volatile Instant lastWrite = Instant.now();
  private final List<String> writes = new CopyOnWriteArrayList<>();

  TestingController(TestingJournal journal, String... namespaces) {
    this(TestingCluster.shared().clientConfig(), journal, journal.nextEpoch() + 1, namespaces);
  }

  /** {@code config}: as whom it speaks with the API server. */
  TestingController(Config config, TestingJournal journal, long epoch, String... namespaces) {
    this.client =
        new KubernetesClientBuilder()
            .withConfig(config)
            .withHttpClientBuilderConsumer(
                builder -> builder.addOrReplaceInterceptor("writes", new Counter()))
            .build();
    Profiles profiles = new Profiles(Priors.DEFAULTS);
    this.dispatch =
        new DispatchLoop(
            journal,
            profiles,
            new BrowserAware(profiles),
            DispatchSettings.DEFAULTS,
            new DispatchLoop.Ports(
                InstantSource.system(), new Random(1), () -> UUID.randomUUID().toString()));
    this.operator =
        ClusterOperator.start(
            client,
            dispatch,
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
                Duration.ofMillis(500)));
  }

  DispatchLoop dispatch() {
    return dispatch;
  }

  /** Method and path of each request since the start that was not a read. */
  List<String> writes() {
    return List.copyOf(writes);
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
      if (!request.method().equals("GET")) {
        lastWrite = Instant.now();
        writes.add(request.method() + " " + request.uri().getPath());
      }
    }
  }
}
