package dev.ballast.operator;

import static dev.ballast.TestingPatience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.dispatch.TestingJournal;
import dev.ballast.operator.report.Conditions;
import dev.ballast.operator.resource.BrowserPoolStatus;
import dev.ballast.operator.resource.Condition;
import dev.ballast.operator.resource.Labels;
import dev.ballast.operator.resource.TestJobStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A controller over a namespace of its own on the real API server; kubelet and agents are played.
 */
final class TestingOperator implements AutoCloseable {
  final TestingCluster cluster = TestingCluster.shared();
  final KubernetesClient client = cluster.client();
  final String namespace = cluster.newNamespace();
  final TestingController controller = new TestingController(new TestingJournal(), namespace);
  final TestingKubelet kubelet = new TestingKubelet(client, namespace, controller::dispatch);
  final TestingResources resources = new TestingResources(client, namespace);

  /** A pool whose workers all take tasks. */
  void readyPool(String name, String spec) {
    resources.pool(name, spec);
    await()
        .untilAsserted(() -> {
          BrowserPoolStatus status = resources.pool(name).getStatus();
          assertThat(status).isNotNull();
          assertThat(Conditions.holds(status.conditions(), "Ready")).isTrue();
        });
  }

  BrowserPoolStatus status(String pool) {
    BrowserPoolStatus status = resources.pool(pool).getStatus();
    assertThat(status).isNotNull();
    return status;
  }

  Condition condition(String pool, String type) {
    return status(pool).conditions().stream()
        .filter(condition -> condition.type().equals(type))
        .findFirst()
        .orElseThrow();
  }

  Map<String, Pod> pods(String pool) {
    return client
        .pods()
        .inNamespace(namespace)
        .withLabel(Labels.POOL, pool)
        .list()
        .getItems()
        .stream()
        .collect(Collectors.toMap(pod -> pod.getMetadata().getName(), Function.identity()));
  }

  void scale(String pool, int replicas) {
    cluster.kubectl("scale", "bpool", pool, "--replicas=" + replicas, "-n", namespace);
  }

  /** Of a job; {@code none} before its first status. */
  String phase(String job) {
    TestJobStatus status = resources.job(job).getStatus();
    return status == null ? "none" : status.phase();
  }

  void awaitPhase(String job, String phase) {
    await().untilAsserted(() -> assertThat(phase(job)).isEqualTo(phase));
  }

  /** What the controller told of a resource, the oldest first. */
  List<Event> events(String name) {
    return client.events().v1().events().inNamespace(namespace).list().getItems().stream()
        .filter(event -> "ballast.dev/controller".equals(event.getReportingController()))
        .filter(event -> event.getRegarding().getName().equals(name))
        .sorted(Comparator.comparing(event -> event.getEventTime().getTime()))
        .toList();
  }

  /** Writes of the controller about a job: of its status, and its Events. */
  long writesOf(String job) {
    return events(job).size()
        + controller.writes().stream().filter(write -> write.contains("/testjobs/" + job)).count();
  }

  @Override
  public void close() {
    resources.deleteAll();
    kubelet.close();
    controller.close();
  }
}
