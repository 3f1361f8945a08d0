package dev.ballast.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ballast.dispatch.TestingJournal;
import dev.ballast.model.AttemptId;
import dev.ballast.model.Outcome;
import dev.ballast.operator.resource.TestJobStatus;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people are told in Events, on a real API server; kubelets and agents are played. */
class EventsClusterTest {
  private final TestingCluster cluster = TestingCluster.shared();
  private final KubernetesClient client = cluster.client();
  private final String namespace = cluster.newNamespace();
  private final TestingController controller =
      new TestingController(new TestingJournal(), namespace);
  private final TestingKubelet kubelet =
      new TestingKubelet(client, namespace, controller::dispatch);
  private final TestingResources resources = new TestingResources(client, namespace);

  @BeforeEach
  void patience() {
    org.awaitility.Awaitility.setDefaultTimeout(Duration.ofSeconds(20));
  }

  @AfterEach
  void close() {
    resources.deleteAll();
    kubelet.close();
    controller.close();
  }

  @Test
  void aSmallJobCostsThreeWritesAndTwoEventsAtMostHoweverItEnds() {
    pool("pool", "{browser: chrome, replicas: 2}");
    resources.job("good", 10);
    await().untilAsserted(() -> assertThat(phase("good")).isEqualTo("Complete"));
    kubelet.tasksEndAs(Outcome.CRASHED);
    resources.jobOf("bad", spec("backoffLimitPerIndex: 1", 4));
    await().untilAsserted(() -> assertThat(phase("bad")).isEqualTo("Failed"));
    await().untilAsserted(() -> assertThat(of("bad")).hasSize(2));
    kubelet.tasksEndAs(Outcome.SUCCEEDED);

    assertThat(of("good")).extracting(Event::getReason).containsExactly("Started");
    assertThat(of("bad")).extracting(Event::getReason).containsExactly("Started", "FailedIndexes");
    assertThat(of("bad").getLast().getNote())
        .startsWith("4 of 4 tasks failed; the last: index ")
        .contains(": crashed");
    assertThat(writesOf("good")).isLessThanOrEqualTo(3);
    // That it failed is told in an Event, too.
    assertThat(writesOf("bad")).isLessThanOrEqualTo(4);
  }

  @Test
  void aRetriedTaskIsToldOfOnce() {
    pool("pool", "{browser: chrome, replicas: 2}");
    kubelet.nextTaskEndsAs(Outcome.DEVICE_LOST);

    resources.job("shaken", 6);

    await().untilAsserted(() -> assertThat(phase("shaken")).isEqualTo("Complete"));
    await()
        .untilAsserted(() ->
            assertThat(of("shaken"))
                .extracting(Event::getReason)
                .containsExactly("Started", "Retried"));
    assertThat(of("shaken").getLast().getNote())
        .startsWith("a task runs again; the last was index ")
        .contains("device-lost");
  }

  @Test
  void aTaskThatMovesIsToldWithWhatItGained() {
    pool("slow", "{browser: chrome, replicas: 1}");
    kubelet.nothingStarts = true;
    String uid = resources.job("moving", 1).getMetadata().getUid();
    await()
        .untilAsserted(
            () -> assertThat(controller.dispatch().workers().getFirst().bound()).hasSize(1));
    pool("fast", "{browser: firefox, replicas: 1}");
    AttemptId bound =
        controller.dispatch().workers().stream()
            .flatMap(worker -> worker.bound().stream())
            .findFirst()
            .orElseThrow();

    controller.dispatch().move(bound).join();

    await().untilAsserted(() -> assertThat(controller.dispatch().moves().completed()).isEqualTo(1));
    kubelet.nothingStarts = false;
    await().untilAsserted(() -> assertThat(phase("moving")).isEqualTo("Complete"));
    await()
        .untilAsserted(() ->
            assertThat(of("moving").getLast().getNote())
                .startsWith(
                    "a task moved to another browser before it started; the last was index 0, from slow-0"));
    assertThat(controller.dispatch().job(uid)).isPresent();
  }

  @Test
  void aBreakerThatOpensAndADrainAreToldOfTheirPool() {
    pool(
        "failing",
        "{browser: chrome, replicas: 1, circuitBreaker: {requestVolumeThreshold: 3, failureRatio:"
            + " 60%, delay: 1h}}");
    kubelet.tasksEndAs(Outcome.CRASHED);
    resources.jobOf("crash", spec("backoffLimitPerIndex: 0", 4));

    await()
        .untilAsserted(() -> {
          assertThat(resources.pool("failing").getStatus().breaker()).isEqualTo("Open");
          assertThat(of("failing")).extracting(Event::getReason).contains("BreakerOpened");
        });
    resources.deleteJob("crash");
    cluster.kubectl("scale", "bpool", "failing", "--replicas=0", "-n", namespace);
    await()
        .untilAsserted(() ->
            assertThat(of("failing"))
                .extracting(Event::getReason)
                .containsExactly("BreakerOpened", "Draining", "Drained"));
  }

  private void pool(String name, String spec) {
    resources.pool(name, spec);
    await()
        .untilAsserted(() -> {
          assertThat(resources.pool(name).getStatus()).isNotNull();
          assertThat(resources.pool(name).getStatus().readyReplicas())
              .isEqualTo(resources.pool(name).getSpec().replicas());
        });
  }

  private static String spec(String more, int repetitions) {
    return "{%s, matrix: {models: [{name: vad, family: audio, source: \"builtin:silero-vad\"}], repetitions: %d}}"
        .formatted(more, repetitions);
  }

  private String phase(String job) {
    TestJobStatus status = resources.job(job).getStatus();
    return status == null ? "none" : status.phase();
  }

  /** The oldest first. */
  private List<Event> of(String name) {
    return client.events().v1().events().inNamespace(namespace).list().getItems().stream()
        .filter(event -> "ballast.dev/controller".equals(event.getReportingController()))
        .filter(event -> event.getRegarding().getName().equals(name))
        .sorted(java.util.Comparator.comparing(event -> event.getEventTime().getTime()))
        .toList();
  }

  /** Of the job itself and its Events. */
  private long writesOf(String job) {
    return of(job).size()
        + controller.writes().stream().filter(write -> write.contains("/testjobs/" + job)).count();
  }
}
