package dev.ballast.operator;

import static dev.ballast.TestingPatience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import dev.ballast.dispatch.TestingJournal;
import dev.ballast.operator.TestingProxy.Fault;
import dev.ballast.operator.resource.BrowserPool;
import dev.ballast.operator.resource.BrowserPoolSpec;
import dev.ballast.operator.resource.Labels;
import io.fabric8.kubernetes.api.model.Pod;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Whatever happens to the controller and its way to the API server: in the end the cluster is what
 * it was declared to be, and no task ran that should not. After Sieve (Sun et al., OSDI 2022) and
 * Acto (Gu et al., SOSP 2023).
 */
class PerturbationClusterTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TestingCluster cluster = TestingCluster.shared();
  private final String namespace = cluster.newNamespace();
  private final TestingResources resources = new TestingResources(cluster.client(), namespace);

  @Test
  void aControllerThatDiesAtEachWriteGetsThere() {
    TestingScenario scenario = new TestingScenario(cluster, namespace, PATIENCE);
    try (TestingLives lives = new TestingLives(cluster, namespace);
        TestingKubelet kubelet = new TestingKubelet(cluster.client(), namespace, lives::dispatch)) {
      assertThat(kubelet.away).isFalse();
      scenario.run();

      assertThat(lives.deaths()).isGreaterThan(15);
      assertThat(lives.writes()).isGreaterThan(12);
    } finally {
      scenario.end();
    }
  }

  @Test
  void errorsLostAnswersAndEndedWatchesDelayItOnly() {
    long seed = 20261124;
    Random random = new Random(seed);
    Map<String, AtomicInteger> injected = new TreeMap<>();
    TestingScenario scenario = new TestingScenario(cluster, namespace, PATIENCE);
    try (TestingProxy proxy = new TestingProxy(cluster.clientConfig())) {
      proxy.fail(request -> {
        synchronized (random) {
          Optional<Fault> fault = draw(request, random.nextDouble());
          fault.ifPresent(of ->
              injected.computeIfAbsent(of.toString(), _ -> new AtomicInteger()).incrementAndGet());
          return fault;
        }
      });
      TestingJournal journal = new TestingJournal();
      try (TestingController controller =
              new TestingController(proxy.config(), journal, 1, namespace);
          TestingKubelet kubelet =
              new TestingKubelet(cluster.client(), namespace, controller::dispatch)) {
        assertThat(kubelet.away).isFalse();
        scenario.run();
        synchronized (random) {
          assertThat(injected).as("seed %d", seed).hasSizeGreaterThanOrEqualTo(5);
        }
      }
    } finally {
      scenario.end();
    }
  }

  private static Optional<Fault> draw(TestingProxy.Request request, double draw) {
    if (request.watch()) {
      return draw < 0.3 ? Optional.of(new Fault.Refused(410)) : Optional.empty();
    }
    if (request.method().equals("GET")) {
      return draw < 0.1 ? Optional.of(new Fault.Refused(500)) : Optional.empty();
    }
    if (draw < 0.08) {
      return Optional.of(new Fault.Refused(409));
    }
    if (draw < 0.16) {
      return Optional.of(new Fault.Refused(429));
    }
    if (draw < 0.24) {
      return Optional.of(new Fault.Refused(500));
    }
    return draw < 0.32 ? Optional.of(new Fault.AnswerLost()) : Optional.empty();
  }

  @Test
  void whoSeesThePastMakesNothingTwice() {
    TestingJournal journal = new TestingJournal();
    try (TestingProxy proxy = new TestingProxy(cluster.clientConfig())) {
      resources.pool("past", "{browser: chrome, replicas: 2}");
      proxy.keepLists(true);
      TestingController[] present = {new TestingController(proxy.config(), journal, 1, namespace)};
      try (TestingKubelet kubelet =
          new TestingKubelet(cluster.client(), namespace, () -> present[0].dispatch())) {
        proxy.keepLists(false);
        readyWorkers("past", 2);
        // It makes two more, and hears nothing of what it makes.
        proxy.holdNews();
        long before = podsMade(present[0]);
        kubelet.tasksHang = true;
        present[0].close();
        // Lists tell of two replicas and no pod at all; what came after is told late.
        proxy.answerOldLists();
        present[0] = new TestingController(proxy.config(), journal, 2, namespace);
        await().atMost(PATIENCE).until(() -> podsMade(present[0]) >= 2);
        await().during(Duration.ofSeconds(1)).until(() -> podsMade(present[0]) <= 2);
        assertThat(before).isEqualTo(2);
        assertThat(uids("past")).hasSize(2);

        proxy.releaseNews();
        resources.pool("past", "{browser: chrome, replicas: 3}");

        readyWorkers("past", 3);
        assertThat(uids("past")).hasSize(3);
        kubelet.tasksHang = false;
      } finally {
        resources.deleteAll();
        present[0].close();
      }
    }
  }

  /** One of each field of the spec. */
  private static final Map<String, String> CHANGES =
      Map.ofEntries(
          Map.entry("browser", "browser: firefox"),
          Map.entry("version", "version: \"156.0\""),
          Map.entry("image", "image: \"registry.example.com/chrome:1\""),
          Map.entry("pull-policy", "imagePullPolicy: Always"),
          Map.entry("pull-secrets", "imagePullSecrets: [{name: registry}]"),
          Map.entry("replicas", "replicas: 2"),
          Map.entry("slots", "slots: 3"),
          Map.entry("arguments", "arguments: [--enable-unsafe-webgpu]"),
          Map.entry(
              "template",
              "podTemplate: {metadata: {annotations: {a: b}}, spec: {nodeSelector: {zone: a}}}"),
          Map.entry("autoscaling", "autoscaling: {mode: Recommend, maxReplicas: 5}"),
          Map.entry("breaker", "circuitBreaker: {failureRatio: 90%}"),
          Map.entry("recycle", "recycle: {afterTasks: 7}"),
          Map.entry("secret", "modelCredentials: {secretRef: {name: models}}"),
          Map.entry("drain", "drainTimeout: 30s"));

  @Test
  void eachChangeOfAPoolAndBackLeavesItAsItWas() {
    try (TestingController controller = new TestingController(new TestingJournal(), namespace);
        TestingKubelet kubelet =
            new TestingKubelet(cluster.client(), namespace, controller::dispatch)) {
      assertThat(kubelet.away).isFalse();
      Map<String, String> first = settle(change -> "");
      Map<String, String> changed = settle(CHANGES::get);
      Map<String, String> last = settle(change -> "");

      assertThat(last).isEqualTo(first);
      // What workers are made from, or told at their start.
      assertThat(differing(first, changed))
          .containsExactly(
              "arguments",
              "browser",
              "drain",
              "image",
              "pull-policy",
              "pull-secrets",
              "replicas",
              "secret",
              "slots",
              "template",
              "version");
    } finally {
      resources.deleteAll();
    }
  }

  private static boolean sameField(String one, String other) {
    return fieldOf(one).equals(fieldOf(other));
  }

  private static String fieldOf(String change) {
    return Splitter.on(':').split(change).iterator().next();
  }

  @Test
  void noFieldOfAPoolIsLeftOut() {
    assertThat(CHANGES.values().stream().map(PerturbationClusterTest::fieldOf))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(BrowserPoolSpec.class.getRecordComponents())
                .map(RecordComponent::getName)
                .toList());
  }

  /** What the pods of each pool are, once all are as declared. */
  private Map<String, String> settle(UnaryOperator<String> more) {
    CHANGES
        .keySet()
        .forEach(name -> {
          String change = more.apply(name);
          resources.pool(
              name,
              Stream.of("browser: chrome", "replicas: 1", change)
                  .filter(field -> !field.isEmpty())
                  .filter(field -> field.equals(change) || !sameField(field, change))
                  .collect(Collectors.joining(", ", "{", "}")));
        });
    Map<String, String> pods = new TreeMap<>();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          for (String name : CHANGES.keySet()) {
            BrowserPool pool = resources.pool(name);
            assertThat(pool.getStatus()).isNotNull();
            assertThat(pool.getStatus().observedGeneration())
                .isEqualTo(pool.getMetadata().getGeneration());
            assertThat(pool.getStatus().readyReplicas()).isEqualTo(pool.getSpec().replicas());
            assertThat(pool.getStatus().updatedReplicas()).isEqualTo(pool.getSpec().replicas());
            assertThat(pool.getStatus().replicas()).isEqualTo(pool.getSpec().replicas());
            pods.put(name, made(name));
          }
        });
    return pods;
  }

  /** Templates of the pods, one for each. */
  private String made(String pool) {
    return cluster
        .client()
        .pods()
        .inNamespace(namespace)
        .withLabel(Labels.POOL, pool)
        .list()
        .getItems()
        .stream()
        .map(pod -> pod.getMetadata().getLabels().get(Labels.TEMPLATE_HASH))
        .sorted()
        .collect(Collectors.joining(","));
  }

  private static List<String> differing(Map<String, String> one, Map<String, String> other) {
    return one.keySet().stream().filter(name -> !one.get(name).equals(other.get(name))).toList();
  }

  private void readyWorkers(String pool, int workers) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          assertThat(resources.pool(pool).getStatus()).isNotNull();
          assertThat(resources.pool(pool).getStatus().readyReplicas()).isEqualTo(workers);
        });
  }

  private static long podsMade(TestingController controller) {
    return controller.writes().stream()
        .filter(write -> write.startsWith("PATCH") && write.contains("/pods/"))
        .count();
  }

  private Map<String, String> uids(String pool) {
    List<Pod> pods =
        cluster
            .client()
            .pods()
            .inNamespace(namespace)
            .withLabel(Labels.POOL, pool)
            .list()
            .getItems();
    return pods.stream()
        .map(Pod::getMetadata)
        .collect(Collectors.toMap(meta -> meta.getName(), meta -> meta.getUid()));
  }
}
