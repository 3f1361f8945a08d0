package dev.ballast.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ballast.dispatch.TestingJournal;
import dev.ballast.operator.report.Conditions;
import dev.ballast.operator.resource.TestJobStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two controllers, one lease, a real API server, with the times that are shipped. */
class LeadershipClusterTest {
  private static final Duration TAKEOVER = Duration.ofSeconds(15);

  private final TestingCluster cluster = TestingCluster.shared();
  private final String namespace = cluster.newNamespace();
  private final TestingResources resources = new TestingResources(cluster.client(), namespace);
  private final Candidate first = new Candidate("first");
  private final Candidate second = new Candidate("second");
  private final AtomicReference<Candidate> reached = new AtomicReference<>(first);

  /** A controller's process, with a volume of its own. */
  private final class Candidate implements AutoCloseable {
    private final TestingPause pause = new TestingPause();
    private final Fence fence = new Fence();
    private final List<String> answered = new CopyOnWriteArrayList<>();
    private final List<Interceptor> wire = List.of(pause, fence, new Answered());
    private final KubernetesClient client = TestingController.client(cluster.clientConfig(), wire);
    private final TestingJournal journal = new TestingJournal();
    private final String name;
    private Leadership leadership;
    private TestingController controller;

    Candidate(String name) {
      this.name = name;
    }

    void stand() {
      leadership = Leadership.stand(client, namespace, "lease", name);
      fence.ask(leadership::leads);
    }

    void lead() {
      leadership.won().orTimeout(TAKEOVER.toSeconds(), TimeUnit.SECONDS).join();
      controller =
          new TestingController(
              cluster.clientConfig(), journal, leadership.epoch(), wire, namespace);
      reached.set(this);
    }

    @Override
    public void close() {
      pause.goOn();
      if (controller != null) {
        controller.close();
      }
      leadership.close();
      client.close();
    }

    /** Notes writes that the API server did. */
    private final class Answered implements Interceptor {
      @Override
      public void after(
          HttpRequest request,
          HttpResponse<?> response,
          AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        if (!request.method().equals("GET") && response.isSuccessful()) {
          answered.add(request.method() + " " + request.uri().getPath());
        }
      }
    }
  }

  @AfterEach
  void close() {
    resources.deleteAll();
    second.close();
    first.close();
  }

  @Test
  void aLeaderThatWasStoppedIsSucceededWithin15SecondsAndDoesNoHarmWhenItGoesOn() {
    first.stand();
    first.lead();
    second.stand();
    try (TestingKubelet kubelet =
        new TestingKubelet(
            cluster.client(), namespace, () -> reached.get().controller.dispatch())) {
      kubelet.tasksHang = true;
      resources.pool("pool", "{browser: chrome, replicas: 2}");
      resources.job("job", 6);
      await().atMost(TAKEOVER).untilAsserted(() -> assertThat(status().active()).isEqualTo(2));

      first.pause.stop();
      Instant stopped = Instant.now();
      // It hears of this, makes its plans, and cannot carry them out.
      cluster.kubectl("scale", "bpool", "pool", "--replicas=1", "-n", namespace);
      second.lead();
      await()
          .atMost(TAKEOVER)
          .untilAsserted(
              () -> assertThat(status().epoch()).isEqualTo(second.controller.dispatch().epoch()));
      assertThat(Duration.between(stopped, Instant.now())).isLessThan(TAKEOVER);
      kubelet.tasksHang = false;
      await()
          .atMost(TAKEOVER)
          .untilAsserted(() -> assertThat(status().phase()).isEqualTo("Complete"));
      await().atMost(TAKEOVER).untilAsserted(() -> assertThat(pods()).hasSize(1));
      List<String> before = pods();
      List<String> done = List.copyOf(first.answered);

      first.pause.goOn();
      first.leadership.lost().orTimeout(TAKEOVER.toSeconds(), TimeUnit.SECONDS).join();
      // As the command does then.
      first.controller.close();
      first.controller = null;

      assertThat(first.answered).isEqualTo(done);
      assertThat(pods()).isEqualTo(before);
      assertThat(status().epoch()).isEqualTo(second.controller.dispatch().epoch());
      assertThat(status().completedIndexes()).isEqualTo("0-5");
      // The second one has no journal of what the first had begun, and says so.
      assertThat(Conditions.holds(status().conditions(), "MeasurementsLost")).isTrue();
    }
  }

  private TestJobStatus status() {
    TestJobStatus status = resources.job("job").getStatus();
    assertThat(status).isNotNull();
    return status;
  }

  private List<String> pods() {
    return cluster.client().pods().inNamespace(namespace).list().getItems().stream()
        .map(Pod::getMetadata)
        .map(meta -> meta.getName() + " " + meta.getUid() + " " + meta.getResourceVersion())
        .toList();
  }
}
