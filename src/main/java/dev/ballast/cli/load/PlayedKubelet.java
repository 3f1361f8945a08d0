package dev.ballast.cli.load;

import dev.ballast.model.Assignment;
import dev.ballast.model.BrowserKind;
import dev.ballast.operator.resource.Labels;
import dev.ballast.store.BallastJson;
import dev.ballast.worker.HttpController;
import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Scheduler, kubelet and agents for the pods of one namespace, without nodes and browsers: a pod is
 * bound, ready at once, and a {@link LoadWorker} with a token of that pod speaks for it over HTTP.
 */
public final class PlayedKubelet implements AutoCloseable {
  private static final ScopedValue<String> TOKEN = ScopedValue.newInstance();

  private final KubernetesClient client;
  private final String namespace;
  private final HttpController controller;
  private final Consumer<Assignment> whenAssigned;
  private final LoadWorker.Counts counts = new LoadWorker.Counts();
  private final Map<String, LoadWorker> workers = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  public PlayedKubelet(
      KubernetesClient client, String namespace, URI server, Consumer<Assignment> whenAssigned) {
    this.client = client;
    this.namespace = namespace;
    this.whenAssigned = whenAssigned;
    this.controller =
        new HttpController(
            server,
            BallastJson.mapper(),
            () -> TOKEN.isBound() ? Optional.of(TOKEN.get()) : Optional.empty(),
            null);
  }

  /** Brings up the pods that are there and not up yet; returns how many workers speak now. */
  public int bringUp() {
    client
        .pods()
        .inNamespace(namespace)
        .withLabelSelector(Labels.WORKERS)
        .list()
        .getItems()
        .forEach(pod -> {
          LoadWorker worker = worker(pod);
          if (workers.putIfAbsent(pod.getMetadata().getName(), worker) == null) {
            threads.execute(() -> live(pod, worker));
          }
        });
    return workers.size();
  }

  LoadWorker.Counts counts() {
    return counts;
  }

  private void live(Pod pod, LoadWorker worker) {
    if (pod.getSpec().getNodeName() == null) {
      bind(pod);
    }
    String token = token(pod);
    client
        .resource(pod)
        .subresource("status")
        .patch(
            PatchContext.of(PatchType.STRATEGIC_MERGE),
            """
            {"status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}}
            """);
    ScopedValue.where(TOKEN, token).run(worker);
  }

  private LoadWorker worker(Pod pod) {
    Map<String, String> labels = new LinkedHashMap<>();
    int slots = 1;
    for (String argument : pod.getSpec().getContainers().getFirst().getArgs()) {
      String value = argument.substring(argument.indexOf('=') + 1);
      if (argument.startsWith("--label=")) {
        labels.put(value.substring(0, value.indexOf('=')), value.substring(value.indexOf('=') + 1));
      } else if (argument.startsWith("--slots=")) {
        slots = Integer.parseInt(value);
      }
    }
    Map<String, String> own = pod.getMetadata().getLabels();
    LoadWorker.Place place =
        new LoadWorker.Place(
            namespace + "/" + own.get(Labels.POOL),
            labels,
            new BrowserKind(Objects.requireNonNull(own.get(Labels.BROWSER))));
    return new LoadWorker(
        pod.getMetadata().getName() + "." + namespace,
        place,
        slots,
        controller,
        counts,
        whenAssigned);
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

  /** As a kubelet has it made for the pod. */
  private String token(Pod pod) {
    return client
        .serviceAccounts()
        .inNamespace(namespace)
        .withName("default")
        .tokenRequest(
            new TokenRequestBuilder()
                .withNewSpec()
                .withAudiences("ballast")
                .withExpirationSeconds(24 * 3600L)
                .withNewBoundObjectRef()
                .withKind("Pod")
                .withApiVersion("v1")
                .withName(pod.getMetadata().getName())
                .withUid(pod.getMetadata().getUid())
                .endBoundObjectRef()
                .endSpec()
                .build())
        .getStatus()
        .getToken();
  }

  @Override
  public void close() {
    workers.values().forEach(LoadWorker::stop);
    threads.shutdownNow();
  }
}
