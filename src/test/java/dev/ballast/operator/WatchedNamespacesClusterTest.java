package dev.ballast.operator;

import static dev.ballast.TestingPatience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.dispatch.JobState;
import dev.ballast.dispatch.JobView;
import dev.ballast.dispatch.TestingJournal;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which namespaces a controller looks after, on a real API server. */
class WatchedNamespacesClusterTest {
  private final TestingCluster cluster = TestingCluster.shared();
  private final String one = cluster.newNamespace();
  private final String two = cluster.newNamespace();
  private final String other = cluster.newNamespace();

  @AfterEach
  void close() {
    for (String namespace : List.of(one, two, other)) {
      new TestingResources(cluster.client(), namespace).deleteAll();
    }
  }

  private TestingResources in(String namespace) {
    return new TestingResources(cluster.client(), namespace);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void jobsRunInThePoolsOfTheirNamespaceWhereverItIsWatched(boolean everywhere) {
    String[] watched = everywhere ? new String[0] : new String[] {one, two};
    try (TestingController controller = new TestingController(new TestingJournal(), watched);
        TestingKubelet here = new TestingKubelet(cluster.client(), one, controller::dispatch);
        TestingKubelet there = new TestingKubelet(cluster.client(), two, controller::dispatch)) {
      assertThat(List.of(here.away, there.away)).containsOnly(false);
      for (String namespace : List.of(one, two)) {
        in(namespace).pool("pool", "{browser: chrome, replicas: 1}");
        in(namespace).job("same-name", 3);
      }
      in(other).job("same-name", 3);

      await()
          .untilAsserted(() -> {
            for (String namespace : List.of(one, two)) {
              assertThat(in(namespace).job("same-name").getStatus()).isNotNull();
              assertThat(in(namespace).job("same-name").getStatus().completedIndexes())
                  .isEqualTo("0-2");
            }
            // There are pools enough, but none of its own.
            assertThat(in(other).job("same-name").getStatus() != null).isEqualTo(everywhere);
          });
      if (everywhere) {
        assertThat(in(other).job("same-name").getStatus().unplaceable()).isEqualTo(3);
      }
    }
  }

  /** Their TestJobs are not seen, which is not the same as not being there. */
  @Test
  void jobsOfANamespaceThatIsWatchedNoMoreAreNotTakenForDeleted() {
    TestingJournal journal = new TestingJournal();
    String uid;
    try (TestingController wide = new TestingController(journal, one, two)) {
      uid = in(two).job("left", 3).getMetadata().getUid();
      await().untilAsserted(() -> assertThat(wide.dispatch().job(uid)).isPresent());
    }

    try (TestingController narrow = new TestingController(journal, one)) {
      assertThat(narrow.dispatch().job(uid).map(JobView::state)).contains(JobState.ACCEPTED);
    }
  }

  @Test
  void theSpecOfARunningJobChangesAndBackAsFarAsItMay() {
    try (TestingController controller = new TestingController(new TestingJournal(), one);
        TestingKubelet kubelet = new TestingKubelet(cluster.client(), one, controller::dispatch)) {
      kubelet.tasksHang = true;
      in(one).pool("pool", "{browser: chrome, replicas: 1, slots: 2}");
      String uid = job("").getMetadata().getUid();
      await().untilAsserted(() -> assertThat(active()).isEqualTo(2));

      job("suspend: true, priority: 7, parallelism: 1, ttlSecondsAfterFinished: 3600, ");
      await()
          .untilAsserted(() -> {
            assertThat(in(one).job("job").getStatus().phase()).isEqualTo("Suspended");
            var spec = controller.dispatch().job(uid).orElseThrow().spec();
            assertThat(spec.priority()).isEqualTo(7);
            assertThat(spec.parallelism()).hasValue(1);
          });
      job("");

      await()
          .untilAsserted(() -> {
            assertThat(active()).isEqualTo(2);
            assertThat(controller.dispatch().job(uid).orElseThrow().spec().priority()).isZero();
          });
      kubelet.tasksHang = false;
      await()
          .untilAsserted(
              () -> assertThat(in(one).job("job").getStatus().phase()).isEqualTo("Complete"));
    }
  }

  private dev.ballast.operator.resource.TestJob job(String more) {
    return in(one)
        .jobOf(
            "job",
            "{%smatrix: {models: [{name: vad, family: audio, source: \"builtin:silero-vad\"}], repetitions: 4}}"
                .formatted(more));
  }

  private int active() {
    var status = in(one).job("job").getStatus();
    return status == null || status.active() == null ? -1 : status.active();
  }
}
