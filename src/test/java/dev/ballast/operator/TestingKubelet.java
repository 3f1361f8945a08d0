package dev.ballast.operator;

import dev.ballast.dispatch.DispatchLoop;
import dev.ballast.dispatch.TestingWorker;
import dev.ballast.model.Assignment;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.Outcome;
import dev.ballast.model.SyncResponse;
import dev.ballast.operator.resource.Labels;
import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Plays scheduler and kubelet for the pods of one namespace: they come up, and in the name of each
 * runs an agent without a browser, that speaks the worker protocol with the dispatch of the moment.
 * A pod that is deleted is gone once nothing runs in it. Fakes: images, nodes, probes, browsers.
 */
final class TestingKubelet implements AutoCloseable {
  private static final long LOOK_MILLIS = 50;

  private final KubernetesClient client;
  private final String namespace;
  private final Supplier<DispatchLoop> dispatch;
  private final Map<String, Agent> agents = new ConcurrentHashMap<>();
  private final Thread thread;
  private volatile boolean closed;

  /** Running tasks do not end while this is set. */
  volatile boolean tasksHang;

  /** Pods are left alone: they stay pending. */
  volatile boolean away;

  private volatile Outcome outcome = Outcome.SUCCEEDED;

  TestingKubelet(KubernetesClient client, String namespace, Supplier<DispatchLoop> dispatch) {
    this.client = client;
    this.namespace = namespace;
    this.dispatch = dispatch;
    this.thread = Thread.ofPlatform().daemon().name("kubelet " + namespace).start(this::run);
  }

  void tasksEndAs(Outcome changed) {
    outcome = changed;
  }

  private void run() {
    while (!closed) {
      try {
        if (!away) {
          look();
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      } catch (KubernetesClientException e) {
        // Somebody else changed the pod: the next look sees it.
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void look() {
    List<Pod> pods =
        client.pods().inNamespace(namespace).withLabelSelector(Labels.WORKERS).list().getItems();
    Map<String, Pod> byUid = new HashMap<>();
    for (Pod pod : pods) {
      byUid.put(pod.getMetadata().getUid(), pod);
      if (pod.isMarkedForDeletion()) {
        terminate(pod);
      } else if (pod.getSpec().getNodeName() == null) {
        bind(pod);
      } else if (!agents.containsKey(pod.getMetadata().getUid())) {
        bringUp(pod);
      }
    }
    agents.forEach((uid, agent) -> {
      if (!byUid.containsKey(uid)) {
        agent.stop();
        agents.remove(uid);
      }
    });
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
    agents.put(pod.getMetadata().getUid(), new Agent(pod));
  }

  /** As a kubelet: the agent is told, and the pod goes when it has ended. */
  private void terminate(Pod pod) {
    Agent agent = agents.get(pod.getMetadata().getUid());
    if (agent == null || agent.isIdle()) {
      client.resource(pod).withGracePeriod(0).delete();
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    agents.values().forEach(Agent::stop);
  }

  private final class Agent {
    private final TestingWorker worker;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile int running;

    Agent(Pod pod) {
      Map<String, String> labels = new LinkedHashMap<>();
      Map<String, String> options = new HashMap<>();
      for (String argument : pod.getSpec().getContainers().getFirst().getArgs()) {
        int at = argument.indexOf('=');
        if (argument.startsWith("--label=")) {
          String[] label = argument.substring(at + 1).split("=", 2);
          labels.put(label[0], label[1]);
        } else if (at > 0) {
          options.put(argument.substring(2, at), argument.substring(at + 1));
        }
      }
      String name =
          options
              .get("name")
              .replace("$(POD_NAME)", pod.getMetadata().getName())
              .replace("$(POD_NAMESPACE)", namespace);
      this.worker =
          new TestingWorker(
              name,
              options.get("pool"),
              labels,
              new BrowserKind(options.get("browser")),
              Integer.parseInt(options.get("slots")),
              List.of(Backend.WASM, Backend.WEBGPU),
              true);
      this.thread = Thread.ofVirtual().name(name).start(this::exchange);
    }

    private void exchange() {
      while (!stopped) {
        try {
          SyncResponse response = dispatch.get().sync(worker.request(200)).join();
          worker.take(response);
          worker.startAll();
          if (!tasksHang) {
            for (Assignment assignment : worker.running()) {
              worker.finish(assignment.attempt(), outcome, Instant.now(), 5);
            }
          }
          running = worker.running().size() + worker.bound().size();
        } catch (CompletionException e) {
          pause(); // no controller at the moment
        }
      }
    }

    private void pause() {
      try {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      } catch (InterruptedException e) {
        stopped = true;
      }
    }

    boolean isIdle() {
      return running == 0;
    }

    void stop() {
      stopped = true;
      thread.interrupt();
    }
  }
}
