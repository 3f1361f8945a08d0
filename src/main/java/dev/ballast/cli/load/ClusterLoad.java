package dev.ballast.cli.load;

import dev.ballast.model.Assignment;
import dev.ballast.operator.resource.BrowserPool;
import dev.ballast.operator.resource.TestJob;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Makes jobs and pools, and looks on. Times are this machine's, counts are the API server's own.
 */
final class ClusterLoad implements AutoCloseable {
  static final int TASKS = 10;
  private static final int AT_A_TIME = 32;
  private static final Pattern WRITES =
      Pattern.compile(
          "apiserver_request_total\\{.*resource=\"(testjobs|events)\".*verb=\"(POST|PATCH|APPLY|PUT|DELETE)\".*} ([0-9.e+]+)");

  /** An API server that is slow is what is measured, not what ends the measurement. */
  private final KubernetesClient client =
      new KubernetesClientBuilder()
          .withConfig(
              new ConfigBuilder(Config.autoConfigure(null)).withRequestTimeout(60_000).build())
          .build();

  private final String namespace;
  private final String elsewhere;
  private final PlayedKubelet kubelet;
  private final Ends ends = new Ends();
  private final Map<String, Long> boundAtNanos = new ConcurrentHashMap<>();

  /**
   * @param writesPerJob of its status and Events; its creation is not among them
   * @param boundP99Millis from the sending of the creation to a worker's first assignment
   */
  record Round(double perSecond, double writesPerJob, double boundP99Millis) {}

  ClusterLoad(URI server, String namespace) {
    this.namespace = namespace;
    this.elsewhere = namespace + "-bare";
    this.kubelet = new PlayedKubelet(client, namespace, server, this::assigned);
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(elsewhere).endMetadata().build())
        .serverSideApply();
    client.resources(TestJob.class).inNamespace(namespace).inform(ends);
  }

  private void assigned(Assignment assignment) {
    boundAtNanos.putIfAbsent(assignment.attempt().task().job(), System.nanoTime());
  }

  /** A pool of workers of four slots each, all of them speaking. */
  void pool(String name, int workers) throws InterruptedException {
    apply(
        "BrowserPool",
        name,
        "{browser: chrome, replicas: %d, slots: 4}".formatted(workers),
        BrowserPool.class);
    var resource = client.resources(BrowserPool.class).inNamespace(namespace).withName(name);
    while (true) {
      kubelet.bringUp();
      BrowserPool pool = resource.get();
      Integer ready = pool.getStatus() == null ? null : pool.getStatus().readyReplicas();
      if (ready != null && ready == workers) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  /** Returns how many seconds it took until each of them had a status. */
  double emptyPools(int count) throws InterruptedException {
    long begun = System.nanoTime();
    many(
        count,
        number ->
            apply(
                "BrowserPool",
                "empty-" + number,
                "{browser: chrome, replicas: 0}",
                BrowserPool.class));
    while (client.resources(BrowserPool.class).inNamespace(namespace).list().getItems().stream()
            .filter(pool -> pool.getStatus() == null)
            .count()
        > 0) {
      TimeUnit.MILLISECONDS.sleep(500);
    }
    return seconds(begun);
  }

  /** Creates jobs and waits until the API server tells of the end of the last one. */
  Round throughBallast(String prefix, int jobs) throws InterruptedException {
    Map<String, Long> sentAtNanos = new ConcurrentHashMap<>();
    double writes = writes();
    CountDownLatch left = ends.await(prefix, jobs);
    long begun = System.nanoTime();
    many(
        jobs,
        number -> {
          long sent = System.nanoTime();
          sentAtNanos.put(job(namespace, prefix + "-" + number, TASKS), sent);
        });
    left.await();
    double seconds = seconds(begun);
    double[] millis = millis(sentAtNanos);
    return new Round(
        jobs / seconds, (writes() - writes) / jobs - 1, millis[(int) (millis.length * 0.99)]);
  }

  /** From the sending of a job's creation to a worker's first assignment, an idle fleet; sorted. */
  double[] startMillis(int jobs) throws InterruptedException {
    Map<String, Long> sentAtNanos = new ConcurrentHashMap<>();
    for (int number = 0; number < jobs; number++) {
      CountDownLatch left = ends.await("start-" + number + "-", 1);
      long sent = System.nanoTime();
      sentAtNanos.put(job(namespace, "start-%d-0".formatted(number), 1), sent);
      left.await();
    }
    return millis(sentAtNanos);
  }

  private double[] millis(Map<String, Long> sentAtNanos) {
    double[] millis =
        sentAtNanos.entrySet().stream()
            .mapToDouble(sent ->
                (Objects.requireNonNull(boundAtNanos.get(sent.getKey())) - sent.getValue()) / 1e6)
            .toArray();
    Arrays.sort(millis);
    boundAtNanos.keySet().removeAll(sentAtNanos.keySet());
    return millis;
  }

  /** The same writes as a job costs, and nothing behind them: two statuses and an Event. */
  Round bare(String prefix, int jobs) {
    long begun = System.nanoTime();
    many(
        jobs,
        number -> {
          String name = prefix + "-" + number;
          job(elsewhere, name, TASKS);
          status(name, "Running", "");
          event(name);
          status(
              name,
              "Complete",
              ", \"completedIndexes\": \"0-9\", \"completionTime\": \"%s\""
                  .formatted(Instant.now().toString()));
        });
    return new Round(jobs / seconds(begun), 3, 0);
  }

  private void status(String name, String phase, String more) {
    client
        .resources(TestJob.class)
        .inNamespace(elsewhere)
        .withName(name)
        .subresource("status")
        .patch(
            new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager("bare")
                .withForce(true)
                .build(),
            """
            {"apiVersion": "ballast.dev/v1alpha1", "kind": "TestJob", "metadata": {"name": "%s", "namespace": "%s"},
             "status": {"phase": "%s", "progress": "10/10", "tasks": 10, "active": 0, "waiting": 0, "succeeded": 10, "failed": 0,
              "flagged": 0, "rejected": 0, "unplaceable": 0, "families": [{"family": "audio", "tasks": 10, "succeeded": 10, "failed": 0}],
              "startTime": "2026-01-01T00:00:00Z", "observedGeneration": 1, "epoch": 1,
              "conditions": [{"type": "Complete", "status": "True", "lastTransitionTime": "2026-01-01T00:00:00Z",
                "reason": "CompletionsReached", "message": "all 10 tasks succeeded"}]%s}}
            """
                .formatted(name, elsewhere, phase, more));
  }

  private void event(String name) {
    client
        .resource(
            new EventBuilder()
                .withNewMetadata()
                .withName(name + ".1")
                .withNamespace(elsewhere)
                .endMetadata()
                .withEventTime(new MicroTime("2026-01-01T00:00:00.000000Z"))
                .withReportingController("ballast.dev/bare")
                .withReportingInstance("bare")
                .withAction("PlaceTasks")
                .withReason("Started")
                .withType("Normal")
                .withNote("accepted with 10 tasks; the first is in a browser")
                .withNewRegarding()
                .withApiVersion("ballast.dev/v1alpha1")
                .withKind("TestJob")
                .withNamespace(elsewhere)
                .withName(name)
                .endRegarding()
                .build())
        .create();
  }

  /** Its uid. */
  private String job(String where, String name, int tasks) {
    return client
        .resource(
            manifest(
                "TestJob",
                where,
                name,
                """
                {matrix: {models: [{name: silero-vad, family: audio, source: "builtin:silero-vad"}], backends: [wasm], repetitions: %d}}\
                """
                    .formatted(tasks),
                TestJob.class))
        .create()
        .getMetadata()
        .getUid();
  }

  private <T extends HasMetadata> void apply(String kind, String name, String spec, Class<T> type) {
    client.resource(manifest(kind, namespace, name, spec, type)).serverSideApply();
  }

  private <T extends HasMetadata> T manifest(
      String kind, String where, String name, String spec, Class<T> type) {
    return client
        .getKubernetesSerialization()
        .unmarshal(
            """
            apiVersion: ballast.dev/v1alpha1
            kind: %s
            metadata: {name: %s, namespace: %s}
            spec: %s
            """
                .formatted(kind, name, where, spec),
            type);
  }

  private static void many(int count, IntConsumer make) {
    List<CompletableFuture<Void>> made = new ArrayList<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(AT_A_TIME)) {
      for (int number = 0; number < count; number++) {
        int own = number;
        made.add(CompletableFuture.runAsync(() -> make.accept(own), executor));
      }
    }
    made.forEach(CompletableFuture::join);
  }

  /** Writes of jobs and Events since the API server's start, by its own count. */
  private double writes() {
    double sum = 0;
    Matcher matcher = WRITES.matcher(client.raw("/metrics"));
    while (matcher.find()) {
      sum += Double.parseDouble(matcher.group(3));
    }
    return sum;
  }

  /** What a process uses and has used at most. */
  static String memory(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
        .filter(line -> Set.of("VmRSS", "VmHWM").contains(line.split(":", 2)[0]))
        .map(line -> line.replaceAll("\\s+", " "))
        .collect(Collectors.joining(", "));
  }

  private static double seconds(long begunNanos) {
    return (System.nanoTime() - begunNanos) / 1e9;
  }

  @Override
  public void close() {
    kubelet.close();
    client.close();
  }

  /** Counts jobs that have ended, each once. */
  private static final class Ends implements ResourceEventHandler<TestJob> {
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private volatile String prefix = "";
    private volatile CountDownLatch left = new CountDownLatch(0);

    /** Counts those whose names begin so. */
    CountDownLatch await(String begin, int jobs) {
      CountDownLatch fresh = new CountDownLatch(jobs);
      left = fresh;
      prefix = begin;
      return fresh;
    }

    @Override
    public void onAdd(TestJob job) {
      look(job);
    }

    @Override
    public void onUpdate(TestJob before, TestJob job) {
      look(job);
    }

    @Override
    public void onDelete(TestJob job, boolean finalStateUnknown) {
      // Nobody deletes them.
    }

    private void look(TestJob job) {
      String name = job.getMetadata().getName();
      if (name.startsWith(prefix)
          && job.getStatus() != null
          && job.getStatus().completionTime() != null
          && seen.add(name)) {
        left.countDown();
      }
    }
  }
}
