package dev.ballast.operator;

import dev.ballast.dispatch.DispatchLoop;
import dev.ballast.model.Outcome;
import dev.ballast.operator.resource.Labels;
import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Plays scheduler and kubelet for the pods of one namespace: they come up, and in the name of each
 * runs a {@link TestingAgent} that speaks the worker protocol with the dispatch of the moment. A
 * pod that is deleted is gone once nothing runs in it. Fakes: images, nodes, probes, browsers.
 */
final class TestingKubelet implements AutoCloseable {
  private final KubernetesClient client;
  private final String namespace;
  private final Supplier<DispatchLoop> dispatch;
  private final Map<String, TestingAgent> agents = new HashMap<>();
  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("ballast-test-kubelet").factory());
  private final SharedIndexInformer<Pod> pods;

  /** Running tasks do not end while this is set. */
  volatile boolean tasksHang;

  /** Agents start nothing while this is set; what they were given stays bound. */
  volatile boolean nothingStarts;

  /** Pods are left alone: they stay pending. */
  volatile boolean away;

  private volatile Outcome outcome = Outcome.SUCCEEDED;
  private final Map<String, Outcome> ofJobs = new ConcurrentHashMap<>();
  private final AtomicReference<Outcome> next = new AtomicReference<>();

  TestingKubelet(KubernetesClient client, String namespace, Supplier<DispatchLoop> dispatch) {
    this.client = client;
    this.namespace = namespace;
    this.dispatch = dispatch;
    this.pods =
        client.pods().inNamespace(namespace).withLabelSelector(Labels.WORKERS).inform(new Watch());
  }

  /** From now on tasks end so. */
  void tasksEndAs(Outcome changed) {
    outcome = changed;
  }

  /** Those of that job end so. */
  void tasksEndAs(String job, Outcome changed) {
    ofJobs.put(job, changed);
  }

  /** The next task to end ends so, and no other. */
  void nextTaskEndsAs(Outcome once) {
    next.set(once);
  }

  /** It looks after its pods again. */
  void comeBack() {
    away = false;
    pods.getStore().list().forEach(pod -> later(() -> look(pod)));
  }

  Outcome nextOutcome(String job) {
    Outcome once = next.getAndSet(null);
    return once == null ? ofJobs.getOrDefault(job, outcome) : once;
  }

  private final class Watch implements ResourceEventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {
      later(() -> look(pod));
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
      later(() -> look(pod));
    }

    @Override
    public void onDelete(Pod pod, boolean finalStateUnknown) {
      later(() -> {
        TestingAgent agent = agents.remove(pod.getMetadata().getUid());
        if (agent != null) {
          agent.stop();
        }
      });
    }
  }

  private void later(Runnable step) {
    try {
      executor.execute(step);
    } catch (RejectedExecutionException e) {
      // It is closed.
    }
  }

  private void look(Pod pod) {
    if (away) {
      return;
    }
    try {
      if (pod.isMarkedForDeletion()) {
        terminate(pod);
      } else if (pod.getSpec().getNodeName() == null) {
        bind(pod);
      } else if (!agents.containsKey(pod.getMetadata().getUid())) {
        bringUp(pod);
      }
    } catch (KubernetesClientException e) {
      // Somebody else changed the pod, and that brings the next look.
    }
  }

  private void bind(Pod pod) {
    client
        .bindings()
        .inNamespace(namespace)
        .resource(
            new BindingBuilder()
                .withNewMetadata()
                .withName(pod.getMetadata().getName())
                .endMetadata()
                .withNewTarget()
                .withKind("Node")
                .withName("node-1")
                .endTarget()
                .build())
        .create();
  }

  private void bringUp(Pod pod) {
    client
        .resource(pod)
        .subresource("status")
        .patch(
            PatchContext.of(PatchType.STRATEGIC_MERGE),
            """
            {"status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}}
            """);
    agents.put(
        pod.getMetadata().getUid(),
        new TestingAgent(this, pod, dispatch, () -> later(() -> becameIdle(pod))));
  }

  private void becameIdle(Pod pod) {
    Pod now = pods.getStore().getByKey(namespace + "/" + pod.getMetadata().getName());
    if (now != null && now.getMetadata().getUid().equals(pod.getMetadata().getUid())) {
      look(now);
    }
  }

  /** As a kubelet: the agent is told, and the pod goes when it has ended. */
  private void terminate(Pod pod) {
    TestingAgent agent = agents.get(pod.getMetadata().getUid());
    if (agent != null) {
      agent.end();
    }
    if (agent == null || agent.isIdle()) {
      client.resource(pod).withGracePeriod(0).delete();
    }
  }

  @Override
  public void close() {
    pods.close();
    later(() -> agents.values().forEach(TestingAgent::stop));
    executor.shutdown();
  }
}
