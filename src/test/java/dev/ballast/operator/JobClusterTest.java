package dev.ballast.operator;

import static dev.ballast.TestingPatience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.dispatch.JobState;
import dev.ballast.dispatch.JobView;
import dev.ballast.dispatch.TestingJournal;
import dev.ballast.model.Outcome;
import dev.ballast.operator.report.Conditions;
import dev.ballast.operator.resource.Condition;
import dev.ballast.operator.resource.TestJob;
import dev.ballast.operator.resource.TestJobStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs on a real API server; kubelets and agents are played. */
class JobClusterTest {
  private final TestingCluster cluster = TestingCluster.shared();
  private final KubernetesClient client = cluster.client();
  private final String namespace = cluster.newNamespace();
  private final TestingJournal journal = new TestingJournal();
  private TestingController controller = new TestingController(journal, namespace);
  private final TestingKubelet kubelet =
      new TestingKubelet(client, namespace, () -> controller.dispatch());
  private final TestingResources resources = new TestingResources(client, namespace);

  @BeforeEach
  void withWorkers() {
    resources.pool("pool", "{browser: chrome, replicas: 2}");
    await()
        .untilAsserted(() ->
            assertThat(resources.pool("pool").getStatus())
                .isNotNull()
                .satisfies(status -> assertThat(status.readyReplicas()).isEqualTo(2)));
  }

  @AfterEach
  void close() {
    resources.deleteAll();
    kubelet.close();
    controller.close();
  }

  @Test
  void aSmallJobCompletesWithAtMostThreeWrites() {
    int before = controller.writes().size();

    resources.job("small", 10);

    TestingCluster.Output waited =
        cluster.kubectl(
            "wait", "--for=condition=Complete", "tj/small", "-n", namespace, "--timeout=20s");
    assertThat(waited.out()).contains("testjob.ballast.dev/small condition met");
    TestJobStatus status = resources.job("small").getStatus();
    assertThat(status.phase()).isEqualTo("Complete");
    assertThat(status.progress()).isEqualTo("10/10");
    assertThat(status.completedIndexes()).isEqualTo("0-9");
    assertThat(status.failedIndexes()).isNull();
    assertThat(status.startTime()).isNotNull();
    assertThat(status.completionTime()).isNotNull();
    assertThat(status.families())
        .containsExactly(new TestJobStatus.FamilySummary("audio", 10, 10, 0));
    List<String> writes =
        controller.writes().subList(before, controller.writes().size()).stream()
            .filter(write -> !write.contains("browserpools"))
            .toList();
    assertThat(writes).hasSizeLessThanOrEqualTo(3);
  }

  @Test
  void aFailedJobSaysWhichIndexesFailedAndWhy() {
    kubelet.tasksEndAs(Outcome.FAILED);

    resources.jobOf(
        "failing",
        "{backoffLimitPerIndex: 0, matrix: {models: [{name: vad, family: audio, source:"
            + " \"builtin:silero-vad\"}], repetitions: 3}}");

    await().untilAsserted(() -> assertThat(phase("failing")).isEqualTo("Failed"));
    TestJobStatus status = resources.job("failing").getStatus();
    assertThat(status.failedIndexes()).isEqualTo("0-2");
    Condition failed = condition("failing", "Failed");
    assertThat(failed.reason()).isEqualTo("FailedIndexes");
    assertThat(failed.message()).isEqualTo("3 of 3 tasks failed");
    await()
        .untilAsserted(() ->
            assertThat(cluster.kubectl("describe", "tj", "failing", "-n", namespace).out())
                .containsPattern("Warning +FailedIndexes"));
  }

  @Test
  void aTaskThatNothingCanRunWaitsAndSaysWhy() {
    resources.jobOf(
        "unplaceable",
        "{matrix: {models: [{name: vad, family: audio, source: \"builtin:silero-vad\"}],"
            + " browsers: [safari], repetitions: 2}}");

    await()
        .untilAsserted(() -> {
          TestJobStatus status = resources.job("unplaceable").getStatus();
          assertThat(status).isNotNull();
          assertThat(status.unplaceable()).isEqualTo(2);
          assertThat(status.unplaceableReasons())
              .singleElement()
              .satisfies(reason -> {
                assertThat(reason.code()).isEqualTo("NoBrowser");
                assertThat(reason.message()).isEqualTo("no safari is connected, only [chrome]");
              });
        });
  }

  @Test
  void aJobOfAnUnknownModelFailsWithWhatWouldBeRight() {
    resources.jobOf(
        "typo", "{matrix: {models: [{name: vad, family: audio, source: \"builtin:silero-vda\"}]}}");

    await().untilAsserted(() -> assertThat(phase("typo")).isEqualTo("Failed"));
    assertThat(condition("typo", "Failed").message())
        .startsWith(
            "spec.matrix.models[0].source: \"silero-vda\" is not a builtin model. Maybe"
                + " \"silero-vad\"?");
  }

  @Test
  void aSuspendedJobWaitsUntilItIsResumed() {
    resources.jobOf(
        "paused",
        "{suspend: true, matrix: {models: [{name: vad, family: audio, source:"
            + " \"builtin:silero-vad\"}]}}");
    await().untilAsserted(() -> assertThat(phase("paused")).isEqualTo("Suspended"));
    assertThat(condition("paused", "Suspended").status()).isEqualTo(Condition.Status.TRUE);

    cluster.kubectl(
        "patch",
        "tj",
        "paused",
        "-n",
        namespace,
        "--type=merge",
        "-p",
        "{\"spec\":{\"suspend\":false}}");

    await().untilAsserted(() -> assertThat(phase("paused")).isEqualTo("Complete"));
  }

  @Test
  void aDeletedJobIsCancelledAndItsNameIsFreeAtOnce() {
    kubelet.tasksHang = true;
    String first = resources.job("again", 3).getMetadata().getUid();
    await().untilAsserted(() -> assertThat(phase("again")).isEqualTo("Running"));

    resources.deleteJob("again");
    kubelet.tasksHang = false;
    resources.job("again", 2);

    await().untilAsserted(() -> assertThat(phase("again")).isEqualTo("Complete"));
    assertThat(controller.dispatch().job(first).map(JobView::state)).contains(JobState.CANCELLED);
  }

  @Test
  void aJobDeletedWhileNoControllerRanIsCancelledAtTheNextStart() {
    kubelet.tasksHang = true;
    String uid = resources.job("orphan", 3).getMetadata().getUid();
    await().untilAsserted(() -> assertThat(phase("orphan")).isEqualTo("Running"));
    controller.close();
    resources.deleteJob("orphan");

    controller = new TestingController(journal, namespace);

    assertThat(controller.dispatch().job(uid).map(JobView::state)).contains(JobState.CANCELLED);
    kubelet.tasksHang = false;
  }

  /** There is no finalizer that only a controller could take away. */
  @Test
  void aDeadControllerBlocksNoNamespace() {
    String doomed = cluster.newNamespace();
    TestingResources there = new TestingResources(client, doomed);
    TestingJournal volume = new TestingJournal();
    String uid;
    try (TestingController dying = new TestingController(volume, doomed)) {
      uid = there.job("running", 3).getMetadata().getUid();
      there.pool("empty", "{browser: chrome, replicas: 0}");
      await().untilAsserted(() -> assertThat(dying.dispatch().job(uid)).isPresent());
    }

    client.namespaces().withName(doomed).delete();

    await().untilAsserted(() -> assertThat(client.namespaces().withName(doomed).get()).isNull());
    // And when one comes back, the job is no more.
    try (TestingController next = new TestingController(volume, doomed)) {
      assertThat(next.dispatch().job(uid).map(JobView::state)).contains(JobState.CANCELLED);
    }
  }

  @Test
  void anEndedJobIsDeletedWhenItsTimeIsOver() {
    resources.jobOf(
        "brief",
        "{ttlSecondsAfterFinished: 1, matrix: {models: [{name: vad, family: audio, source:"
            + " \"builtin:silero-vad\"}]}}");

    await().untilAsserted(() -> assertThat(resources.job("brief")).isNull());
  }

  @Test
  void theDeadlineOfAJobFailsIt() {
    kubelet.tasksHang = true;
    resources.jobOf(
        "late",
        "{activeDeadlineSeconds: 1, matrix: {models: [{name: vad, family: audio, source:"
            + " \"builtin:silero-vad\"}]}}");

    await().untilAsserted(() -> assertThat(phase("late")).isEqualTo("Failed"));
    assertThat(condition("late", "Failed").reason()).isEqualTo("DeadlineExceeded");
    kubelet.tasksHang = false;
  }

  @Test
  void aLostJournalIsRebuiltFromTheResources() {
    kubelet.tasksHang = true;
    resources.job("kept", 6);
    await().untilAsserted(() -> assertThat(phase("kept")).isEqualTo("Running"));
    kubelet.tasksHang = false;
    // Some of it ends; then the volume is lost.
    resources.job("other", 1);
    await().untilAsserted(() -> assertThat(phase("kept")).isEqualTo("Complete"));
    controller.close();
    markAsHalfDone("kept");

    TestingJournal fresh = new TestingJournal();
    controller =
        new TestingController(cluster.clientConfig(), fresh, fresh.nextEpoch() + 100, namespace);

    await().untilAsserted(() -> assertThat(phase("kept")).isEqualTo("Complete"));
    TestJobStatus status = resources.job("kept").getStatus();
    assertThat(status.completedIndexes()).isEqualTo("0-5");
    assertThat(condition("kept", "MeasurementsLost").message())
        .startsWith("3 tasks had ended before the controller's data was lost");
    assertThat(controller.dispatch().job(resources.job("kept").getMetadata().getUid()))
        .hasValueSatisfying(job ->
            assertThat(job.tasks().stream().filter(task -> task.attempts() > 0).count())
                .isEqualTo(3));
  }

  @Test
  void aDeposedControllerWritesNothingMore() {
    kubelet.tasksHang = true;
    resources.job("fenced", 2);
    await().untilAsserted(() -> assertThat(phase("fenced")).isEqualTo("Running"));
    TestingJournal other = new TestingJournal();
    try (TestingController successor =
        new TestingController(cluster.clientConfig(), other, 1000, namespace)) {
      await()
          .untilAsserted(
              () -> assertThat(resources.job("fenced").getStatus().epoch()).isEqualTo(1000));
      kubelet.tasksHang = false; // the agents still speak with the old one: it sees the job end

      await()
          .untilAsserted(() ->
              assertThat(
                      controller
                          .dispatch()
                          .job(resources.job("fenced").getMetadata().getUid())
                          .map(JobView::state))
                  .contains(JobState.COMPLETE));
      await()
          .during(Duration.ofSeconds(2))
          .until(() ->
              resources.job("fenced").getStatus().epoch() == 1000
                  && !resources.job("fenced").getStatus().phase().equals("Complete"));
      assertThat(successor.dispatch().refusedResults()).isZero();
    }
  }

  /** As if the last status had been written when three of six tasks were done. */
  private void markAsHalfDone(String name) {
    TestJob job = resources.job(name);
    client
        .resource(job)
        .subresource("status")
        .patch(
            io.fabric8.kubernetes.client.dsl.base.PatchContext.of(
                io.fabric8.kubernetes.client.dsl.base.PatchType.JSON_MERGE),
            """
            {"status": {"phase": "Running", "completedIndexes": "0-1,4", "succeeded": 3,
              "conditions": null, "completionTime": null}}
            """);
  }

  private String phase(String name) {
    TestJobStatus status = resources.job(name).getStatus();
    return status == null ? "none" : status.phase();
  }

  private Condition condition(String name, String type) {
    TestJobStatus status = resources.job(name).getStatus();
    assertThat(Conditions.holds(status.conditions(), type)).as(type + " of " + name).isTrue();
    return status.conditions().stream()
        .filter(condition -> condition.type().equals(type))
        .findFirst()
        .orElseThrow();
  }
}
