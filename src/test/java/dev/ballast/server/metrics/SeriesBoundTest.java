package dev.ballast.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.balancer.Fleet;
import dev.ballast.balancer.PoolOutlook;
import dev.ballast.dispatch.Event;
import dev.ballast.dispatch.Examples;
import dev.ballast.dispatch.Pulse;
import dev.ballast.dispatch.TestingDispatch;
import dev.ballast.dispatch.TestingWorker;
import dev.ballast.model.AttemptId;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Outcome;
import dev.ballast.model.TaskId;
import dev.ballast.model.Verdict;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** However long it runs and whatever it is told, the number of series stays small. */
class SeriesBoundTest {
  /** What Ballast may have beside the series of the JVM and of HTTP, for which 400 are kept. */
  private static final int MOST = 2_500 - 400;

  private static final List<String> KINDS = List.of("chrome", "chromium", "edge", "firefox");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final EventMetrics events = new EventMetrics(registry);

  private void ended(String kind, ModelFamily family, Backend backend, Outcome outcome) {
    var result =
        Examples.result(
            new AttemptId(new TaskId("u", 0), 1, 1),
            Examples.model("m", family),
            backend,
            Examples.browser(new BrowserKind(kind)),
            "w",
            outcome,
            java.time.Instant.EPOCH,
            10);
    Verdict verdict = Verdict.of(EnumSet.allOf(Verdict.Reason.class));
    events.accept(
        new Event.AttemptEnded(
            Examples.change(result, _ -> verdict), Optional.empty(), java.time.Instant.EPOCH));
  }

  @Test
  void fiftyPoolsOfEverySortStayBelowTheBound() {
    TestingDispatch dispatch = new TestingDispatch();
    SortedMap<String, PoolOutlook> outlook = new TreeMap<>();
    for (int pool = 0; pool < 50; pool++) {
      String name = "pool-" + pool;
      dispatch.withWorker(
          new TestingWorker(
              "w" + pool,
              name,
              Map.of(),
              new BrowserKind(KINDS.get(pool % 4)),
              2,
              List.of(Backend.WASM),
              false));
      outlook.put(
          name,
          new PoolOutlook(
              OptionalInt.of(1),
              OptionalInt.of(1),
              new TreeMap<>(Map.of(0.1, 0.1, 0.5, 0.5, 0.9, 0.9)),
              OptionalDouble.of(1),
              Optional.of(true)));
    }
    for (String kind : KINDS) {
      for (ModelFamily family : ModelFamily.values()) {
        for (Backend backend : List.of(Backend.WASM, Backend.WEBGPU)) {
          for (Outcome outcome : List.of(Outcome.SUCCEEDED, Outcome.FAILED, Outcome.WORKER_LOST)) {
            ended(kind, family, backend, outcome);
          }
        }
      }
    }
    collect(dispatch.dispatch().pulse(), outlook);

    assertThat(new TestingScrape(registry.scrape()).samples()).hasSizeBetween(1_500, MOST);
  }

  @Test
  void wordsThatWorkersMakeUpShareOneSeries() {
    TestingDispatch dispatch = new TestingDispatch();
    for (int number = 0; number < 1_000; number++) {
      ended("kind-" + number, ModelFamily.AUDIO, new Backend("b-" + number), Outcome.SUCCEEDED);
    }
    collect(
        new Pulse(
            dispatch.now(),
            List.of(),
            madeUpWorkers(),
            Fleet.of(List.of()),
            Optional.empty(),
            dispatch.dispatch().moves(),
            0),
        new TreeMap<>());

    TestingScrape scrape = new TestingScrape(registry.scrape());

    assertThat(labels(scrape, "ballast_attempts_total", "browser")).hasSize(13).contains("other");
    assertThat(labels(scrape, "ballast_attempts_total", "backend")).hasSize(13).contains("other");
    assertThat(labels(scrape, "ballast_workers", "pool")).hasSize(201).contains("other");
    assertThat(scrape.sum("ballast_workers", "state", "ready")).isEqualTo(300);
    assertThat(scrape.sum("ballast_attempts_total")).isEqualTo(1_000);
  }

  private static List<dev.ballast.dispatch.WorkerView> madeUpWorkers() {
    TestingDispatch many = new TestingDispatch();
    for (int pool = 0; pool < 300; pool++) {
      many.withWorker(
          new TestingWorker(
              "w" + pool,
              "pool-" + pool,
              Map.of(),
              new BrowserKind("kind-" + pool),
              1,
              List.of(Backend.WASM),
              false));
    }
    return many.dispatch().workers();
  }

  private void collect(Pulse pulse, SortedMap<String, PoolOutlook> outlook) {
    registry
        .getPrometheusRegistry()
        .register(
            new StateCollector(() ->
                Optional.of(
                    new StateCollector.Source(
                        Optional.of(pulse),
                        outlook,
                        0,
                        Optional.of(new StateCollector.Disk(1, 2))))));
  }

  private static Set<String> labels(TestingScrape scrape, String name, String label) {
    Set<String> values = new HashSet<>();
    scrape.of(name).forEach(sample -> values.add(sample.labels().get(label)));
    return values;
  }
}
