package dev.ballast.operator;

import static dev.ballast.TestingPatience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.model.Outcome;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What people are told in Events, on a real API server; kubelets and agents are played. */
class EventsClusterTest {
  private final TestingOperator operator = new TestingOperator();
  private final TestingController controller = operator.controller;
  private final TestingKubelet kubelet = operator.kubelet;
  private final TestingResources resources = operator.resources;

  @AfterEach
  void close() {
    operator.close();
  }

  @Test
  void aSmallJobCostsThreeWritesAtMostHoweverItEnds() {
    operator.readyPool("pool", "{browser: chrome, replicas: 2}");
    resources.job("good", 10);
    operator.awaitPhase("good", "Complete");
    kubelet.tasksEndAs(Outcome.CRASHED);
    resources.jobOf("bad", spec("backoffLimitPerIndex: 1", 4));
    operator.awaitPhase("bad", "Failed");
    await().untilAsserted(() -> assertThat(operator.events("bad")).hasSize(1));
    await().untilAsserted(() -> assertThat(operator.events("good")).hasSize(1));
    kubelet.tasksEndAs(Outcome.SUCCEEDED);

    assertThat(operator.events("good")).extracting(Event::getReason).containsExactly("Completed");
    assertThat(operator.events("bad"))
        .extracting(Event::getReason)
        .containsExactly("FailedIndexes");
    assertThat(operator.events("bad").getLast().getNote())
        .startsWith("4 of 4 tasks failed; the last: index ")
        .contains(": crashed");
    assertThat(operator.writesOf("good")).isLessThanOrEqualTo(3);
    assertThat(operator.writesOf("bad")).isLessThanOrEqualTo(3);
  }

  @Test
  void aSmallJobThatHadToWaitCostsThreeWritesAtMostHoweverItEnds() {
    resources.pool("late", "{browser: chrome, replicas: 0}");
    kubelet.away = true;
    resources.job("line", 3);
    operator.awaitPhase("line", "Pending");
    resources.jobOf("bad", spec("backoffLimitPerIndex: 0", 3));
    operator.awaitPhase("bad", "Pending");
    kubelet.tasksEndAs("bad", Outcome.FAILED);

    kubelet.comeBack();
    operator.scale("late", 1);

    operator.awaitPhase("line", "Complete");
    operator.awaitPhase("bad", "Failed");
    await().untilAsserted(() -> assertThat(operator.events("line")).isNotEmpty());
    await().untilAsserted(() -> assertThat(operator.events("bad")).isNotEmpty());
    assertThat(operator.events("line")).extracting(Event::getReason).containsExactly("Completed");
    assertThat(operator.events("bad"))
        .extracting(Event::getReason)
        .containsExactly("FailedIndexes");
    assertThat(operator.writesOf("line")).isEqualTo(3);
    assertThat(operator.writesOf("bad")).isEqualTo(3);
  }

  /** It ends thousands of tasks; its status is written once in an interval. */
  @Test
  void aLargeJobCostsOneStatusInAnInterval() {
    operator.readyPool("pool", "{browser: chrome, replicas: 2, slots: 4}");
    Instant begun = Instant.now();

    resources.job("large", 2000);

    operator.awaitPhase("large", "Complete");
    long intervals = Duration.between(begun, Instant.now()).dividedBy(TestingController.INTERVAL);
    assertThat(resources.job("large").getStatus().completedIndexes()).isEqualTo("0-1999");
    assertThat(
            controller.writes().stream().filter(write -> write.contains("/testjobs/large/status")))
        .as("within %d intervals", intervals)
        .hasSizeLessThanOrEqualTo((int) intervals + 3);
  }

  @Test
  void aJobThatNothingCanRunForTenSecondsIsToldOf() {
    resources.pool("none", "{browser: chrome, replicas: 0}");
    resources.job("stuck", 3);

    operator.awaitPhase("stuck", "Pending");
    assertThat(operator.events("stuck")).isEmpty();
    await()
        .untilAsserted(() ->
            assertThat(operator.events("stuck"))
                .extracting(Event::getReason)
                .containsExactly("Accepted"));
    assertThat(operator.events("stuck").getFirst().getNote())
        .startsWith("accepted with 3 tasks; 3 can run nowhere now: ");
  }

  @Test
  void aLongJobIsToldOfWhenItIsClearThatItIsOne() {
    operator.readyPool("pool", "{browser: chrome, replicas: 1}");
    kubelet.tasksHang = true;
    resources.job("long", 1);

    operator.awaitPhase("long", "Running");
    assertThat(operator.events("long")).isEmpty();
    await()
        .untilAsserted(() ->
            assertThat(operator.events("long"))
                .extracting(Event::getReason)
                .containsExactly("Started"));
    kubelet.tasksHang = false;
    operator.awaitPhase("long", "Complete");
    await()
        .untilAsserted(() ->
            assertThat(operator.events("long"))
                .extracting(Event::getReason)
                .containsExactly("Started", "Completed"));
  }

  @Test
  void aRetriedTaskIsToldOfOnce() {
    operator.readyPool("pool", "{browser: chrome, replicas: 2}");
    kubelet.nextTaskEndsAs(Outcome.DEVICE_LOST);

    resources.job("shaken", 6);

    operator.awaitPhase("shaken", "Complete");
    await()
        .untilAsserted(() ->
            assertThat(operator.events("shaken"))
                .extracting(Event::getReason)
                .containsExactly("Retried"));
    assertThat(operator.writesOf("shaken")).isLessThanOrEqualTo(3);
    assertThat(operator.events("shaken").getLast().getNote())
        .startsWith("a task runs again; the last was index ")
        .contains("device-lost");
  }

  /** It was handed out ahead, to a browser that turns out slow; then another one is free. */
  @Test
  void aTaskThatMovesIsToldWithWhatItGained() {
    operator.readyPool("slow", "{browser: chrome, replicas: 1}");
    resources.job("short", 8);
    operator.awaitPhase("short", "Complete");
    kubelet.tasksHang = true;
    resources.job("moving", 2);
    await()
        .untilAsserted(() -> {
          assertThat(controller.dispatch().workers().getFirst().running()).hasSize(1);
          assertThat(controller.dispatch().workers().getFirst().bound()).hasSize(1);
        });

    operator.readyPool("fast", "{browser: chrome, replicas: 1}");

    await().untilAsserted(() -> assertThat(controller.dispatch().moves().completed()).isEqualTo(1));
    kubelet.tasksHang = false;
    operator.awaitPhase("moving", "Complete");
    await()
        .untilAsserted(() ->
            assertThat(operator.events("moving").getLast().getNote())
                .matches(
                    "a task moved to another browser before it started; the last was index 1, from"
                        + " slow-0\\S* to fast-0\\S*, \\d+\\.\\d s sooner"));
  }

  @Test
  void aBreakerThatOpensAndADrainAreToldOfTheirPool() {
    operator.readyPool(
        "failing",
        "{browser: chrome, replicas: 1, circuitBreaker: {requestVolumeThreshold: 3, failureRatio:"
            + " 60%, delay: 1h}}");
    kubelet.tasksEndAs(Outcome.CRASHED);
    resources.jobOf("crash", spec("backoffLimitPerIndex: 0", 4));

    await()
        .untilAsserted(() -> {
          assertThat(resources.pool("failing").getStatus().breaker()).isEqualTo("Open");
          assertThat(operator.events("failing"))
              .extracting(Event::getReason)
              .contains("BreakerOpened");
        });
    resources.deleteJob("crash");
    operator.scale("failing", 0);
    await()
        .untilAsserted(() ->
            assertThat(operator.events("failing"))
                .extracting(Event::getReason)
                .containsExactly("BreakerOpened", "Draining", "Drained"));
  }

  private static String spec(String more, int repetitions) {
    return "{%s, matrix: {models: [{name: vad, family: audio, source: \"builtin:silero-vad\"}], repetitions: %d}}"
        .formatted(more, repetitions);
  }
}
