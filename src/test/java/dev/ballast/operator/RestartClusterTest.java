package dev.ballast.operator;

import static dev.ballast.TestingPatience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.dispatch.DispatchSettings;
import dev.ballast.dispatch.TestingJournal;
import dev.ballast.operator.resource.TestJob;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What a restart costs a real API server: reads, and not a single write. The same with 1,000 pools
 * and 10,000 jobs is measured by {@code bin/cluster-load}.
 */
class RestartClusterTest {
  private static final int POOLS = 40;
  private static final int JOBS = 200;

  private final TestingCluster cluster = TestingCluster.shared();
  private final KubernetesClient client = cluster.client();
  private final String namespace = cluster.newNamespace();
  private final TestingResources resources = new TestingResources(client, namespace);
  private final TestingJournal journal = new TestingJournal();
  private TestingController controller = new TestingController(journal, namespace);

  @Test
  void nothingIsWrittenOnceAllIsSettledNotEvenAfterARestart() {
    try (TestingKubelet kubelet =
        new TestingKubelet(client, namespace, () -> controller.dispatch())) {
      resources.pool("pool", "{browser: chrome, replicas: 1, slots: 8}");
      many(POOLS, number -> resources.pool("pool-" + number, "{browser: chrome, replicas: 0}"));
      many(JOBS, number -> resources.job("job-" + number, 2));
      many(
          10,
          number ->
              resources.jobOf(
                  "paused-" + number,
                  "{suspend: true, matrix: {models: [{name: vad, family: audio, source:"
                      + " \"builtin:silero-vad\"}]}}"));
      await().untilAsserted(() -> assertThat(phases("Complete")).hasSize(JOBS));
      kubelet.tasksHang = true;
      resources.job("running", 20);
      await()
          .untilAsserted(
              () -> assertThat(resources.job("running").getStatus().active()).isPositive());
      assertThat(phases("Suspended")).hasSize(10);
      awaitQuiet(Duration.ofSeconds(2));
      List<String> before = versions();

      // The same manifest again is no change.
      resources.job("running", 20);
      controller.close();
      controller = new TestingController(journal, namespace);
      awaitQuiet(DispatchSettings.DEFAULTS.lease().plusSeconds(2));

      assertThat(controller.writes()).isEmpty();
      assertThat(versions()).isEqualTo(before);
      assertThat(controller.dispatch().workers()).hasSize(1);
      kubelet.tasksHang = false;
      await().untilAsserted(() -> assertThat(phases("Complete")).hasSize(JOBS + 1));
    } finally {
      resources.deleteAll();
      controller.close();
    }
  }

  private static void many(int count, IntConsumer make) {
    try (ExecutorService executor = Executors.newFixedThreadPool(16)) {
      for (int number = 0; number < count; number++) {
        int own = number;
        executor.execute(() -> make.accept(own));
      }
    }
  }

  private List<String> phases(String phase) {
    return client.resources(TestJob.class).inNamespace(namespace).list().getItems().stream()
        .filter(job -> job.getStatus() != null)
        .map(job -> job.getStatus().phase())
        .filter(phase::equals)
        .toList();
  }

  private List<String> versions() {
    return Stream.of("testjobs", "browserpools", "pods", "poddisruptionbudgets")
        .map(kind ->
            cluster.kubectl(
                "get",
                kind,
                "-n",
                namespace,
                "-o=custom-columns=K:.kind,N:.metadata.name,V:.metadata.resourceVersion"))
        .map(TestingCluster.Output::out)
        .toList();
  }

  private void awaitQuiet(Duration silence) {
    await().until(() -> controller.quietFor(), quiet -> quiet.compareTo(silence) >= 0);
  }
}
