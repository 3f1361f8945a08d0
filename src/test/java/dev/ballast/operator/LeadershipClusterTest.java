package dev.ballast.operator;

import static dev.ballast.TestingPatience.await;
import static org.assertj.core.api.Assertions.assertThat;

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

  /** A lease that is not given back lasts longer. */
  private static final Duration AT_ONCE = Duration.ofSeconds(4);

  private final TestingCluster cluster = TestingCluster.shared();
  private final String namespace = cluster.newNamespace();
  private final TestingResources resources = new TestingResources(cluster.client(), namespace);
  private final Standing first = new Standing(Candidate.of("first"));
  private final Standing second = new Standing(Candidate.of("second"));
  private final AtomicReference<Standing> reached = new AtomicReference<>(first);

  /** A controller's process, with a volume of its own. */
  private final class Standing implements AutoCloseable {
    private final TestingPause pause = new TestingPause();
    private final Fence fence = new Fence();
    private final List<String> answered = new CopyOnWriteArrayList<>();
    private final List<Interceptor> wire = List.of(pause, fence, new Answered());
    private final KubernetesClient client = TestingController.client(cluster.clientConfig(), wire);
    private final TestingJournal journal = new TestingJournal();
    private final Candidate candidate;
    private Leadership leadership;
    private TestingController controller;

    Standing(Candidate candidate) {
      this.candidate = candidate;
    }

    void stand() {
      leadership = Leadership.stand(client, namespace, "lease", candidate);
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
      if (leadership != null) {
        leadership.close();
      }
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
      await().untilAsserted(() -> assertThat(status().active()).isEqualTo(2));

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

  /** Its former life is over, or it could not have started again. */
  @Test
  void aContainerThatStartsAgainInItsPodNeedNotWaitForItsOwnLease() {
    try (Standing life = new Standing(Candidate.in("controller-0", "uid-1"));
        Standing next = new Standing(Candidate.in("controller-0", "uid-1"))) {
      long reign = killed(life);

      next.stand();

      next.leadership.won().orTimeout(AT_ONCE.toSeconds(), TimeUnit.SECONDS).join();
      assertThat(next.leadership.epoch()).isGreaterThan(reign);
    }
  }

  /** The other one of that name may still run, on a node that nobody hears of. */
  @Test
  void anotherPodOfThatNameWaitsUntilTheLeaseIsOver() {
    try (Standing life = new Standing(Candidate.in("controller-0", "uid-1"));
        Standing other = new Standing(Candidate.in("controller-0", "uid-2"))) {
      long reign = killed(life);
      Instant begun = Instant.now();

      other.stand();

      other.leadership.won().orTimeout(TAKEOVER.toSeconds(), TimeUnit.SECONDS).join();
      assertThat(Duration.between(begun, Instant.now())).isGreaterThan(AT_ONCE);
      assertThat(other.leadership.epoch()).isGreaterThan(reign);
    }
  }

  /** Leads, and is heard of no more; its reign. */
  private static long killed(Standing life) {
    life.stand();
    life.leadership.won().orTimeout(TAKEOVER.toSeconds(), TimeUnit.SECONDS).join();
    long reign = life.leadership.epoch();
    life.pause.stop();
    return reign;
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
