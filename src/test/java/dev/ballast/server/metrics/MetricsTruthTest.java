package dev.ballast.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ballast.balancer.PoolOutlook;
import dev.ballast.balancer.Priors;
import dev.ballast.balancer.Profiles;
import dev.ballast.dispatch.DispatchLoop;
import dev.ballast.dispatch.DispatchSettings;
import dev.ballast.dispatch.Event;
import dev.ballast.dispatch.Examples;
import dev.ballast.dispatch.TestingJournal;
import dev.ballast.dispatch.TestingWorker;
import dev.ballast.model.Assignment;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Outcome;
import dev.ballast.model.Verdict;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is counted is what was done: the counts of the script beside those of a scrape. */
class MetricsTruthTest {
  private static final double MILLIS = 250;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final AtomicInteger uids = new AtomicInteger();
  private final TestingJournal journal = new TestingJournal();
  private final Map<String, PoolOutlook> outlook = new TreeMap<>();
  private final DispatchLoop loop =
      new DispatchLoop(
          new MeteredJournal(journal, registry),
          new Profiles(Priors.DEFAULTS),
          DispatchSettings.DEFAULTS,
          new DispatchLoop.Ports(
              now::get,
              new SplittableRandom(1),
              () -> "u" + uids.incrementAndGet(),
              new MeteredDecisions("browser-aware", registry)));
  private final List<TestingWorker> workers =
      List.of(
          worker("c1", "chromium", BrowserKind.CHROMIUM),
          worker("f1", "firefox", BrowserKind.FIREFOX));

  /** Attempts that ended, by browser, family, backend and outcome. */
  private final Map<List<String>, Integer> ended = new HashMap<>();

  private static TestingWorker worker(String name, String pool, BrowserKind kind) {
    return new TestingWorker(
        name, pool, Map.of(), kind, 2, List.of(Backend.WASM, Backend.WEBGPU), false);
  }

  MetricsTruthTest() {
    registry
        .getPrometheusRegistry()
        .register(
            new StateCollector(() ->
                Optional.of(
                    new StateCollector.Source(
                        Optional.of(loop.pulse()), new TreeMap<>(outlook), 0, Optional.empty()))));
    var _ = loop.listen(new EventMetrics(registry));
  }

  @AfterEach
  void close() {
    loop.close();
  }

  private TestingScrape scrape() {
    return new TestingScrape(registry.scrape());
  }

  private void exchange() throws Exception {
    for (TestingWorker worker : workers) {
      worker.take(loop.sync(worker.request(0)).get(30, TimeUnit.SECONDS));
    }
  }

  /** Runs everything; every {@code failing}th attempt fails, where that is above 0. */
  private void runAll(String uid, int failing) throws Exception {
    int attempts = 0;
    while (!loop.job(uid).orElseThrow().state().ended()) {
      now.updateAndGet(time -> time.plusSeconds(1));
      exchange();
      for (TestingWorker worker : workers) {
        worker.startAll();
      }
      exchange();
      for (TestingWorker worker : workers) {
        for (Assignment running : worker.running()) {
          attempts++;
          Outcome outcome =
              failing > 0 && attempts % failing == 0 ? Outcome.FAILED : Outcome.SUCCEEDED;
          ended.merge(
              List.of(
                  worker.browser().kind().name(),
                  running.model().family().label(),
                  running.backend().name(),
                  outcome.label()),
              1,
              Integer::sum);
          worker.finish(running.attempt(), outcome, now.get(), MILLIS);
        }
      }
    }
    exchange();
  }

  @Test
  void countsEqualTheScript() throws Exception {
    String uid =
        loop.submit(
                Examples.job("j")
                    .models(
                        Examples.model("vad", ModelFamily.AUDIO),
                        Examples.model("cls", ModelFamily.VISION))
                    .backends(Backend.WASM, Backend.WEBGPU)
                    .browsers(BrowserKind.CHROMIUM, BrowserKind.FIREFOX)
                    .repetitions(5)
                    .retries(3)
                    .spec())
            .get(30, TimeUnit.SECONDS);
    runAll(uid, 7);
    TestingScrape scrape = scrape();

    ended.forEach((labels, count) ->
        assertThat(
                scrape.sum(
                    "ballast_attempts_total",
                    "browser",
                    labels.get(0),
                    "family",
                    labels.get(1),
                    "backend",
                    labels.get(2),
                    "outcome",
                    labels.get(3)))
            .as("%s", labels)
            .isEqualTo(count.doubleValue()));
    int attempts = ended.values().stream().mapToInt(count -> count).sum();
    int failed = attempts - 40;
    assertThat(failed).isPositive();
    assertThat(scrape.sum("ballast_attempts_total")).isEqualTo(attempts);
    assertThat(scrape.sum("ballast_attempts_total", "outcome", "failed")).isEqualTo(failed);
    assertThat(scrape.sum("ballast_task_wait_seconds_count")).isEqualTo(attempts);
    assertThat(scrape.sum("ballast_task_run_seconds_count")).isEqualTo(40);
    assertThat(scrape.sum("ballast_task_run_seconds_sum"))
        .isEqualTo(40 * MILLIS / 1000, within(1e-9));
    assertThat(scrape.sum("ballast_measurements_total", "level", "trusted")).isEqualTo(40);
    assertThat(scrape.sum("ballast_decisions_total", "reason", "placed")).isEqualTo(attempts);
    assertThat(scrape.sum("ballast_decision_seconds_count"))
        .isEqualTo(scrape.sum("ballast_decisions_total"));
    assertThat(scrape.sum("ballast_tasks", "state", "succeeded")).isEqualTo(40);
    assertThat(scrape.sum("ballast_tasks")).isEqualTo(40);
    assertThat(scrape.sum("ballast_jobs", "state", "complete")).isEqualTo(1);
    assertThat(scrape.sum("ballast_jobs_accepted_total")).isEqualTo(1);
    assertThat(scrape.sum("ballast_jobs_ended_total", "end", "complete")).isEqualTo(1);
    assertThat(scrape.sum("ballast_journal_events_total")).isEqualTo(journal.events().size());
    assertThat(scrape.sum("ballast_journal_commit_seconds_count")).isEqualTo(journal.appends());
  }

  @Test
  void theStateIsTheOneOfTheMoment() throws Exception {
    exchange();
    loop.submit(Examples.job("j").backends(Backend.WASM).repetitions(10).spec())
        .get(30, TimeUnit.SECONDS);
    loop.submit(Examples.job("none").backends(Backend.WEBNN).repetitions(3).spec())
        .get(30, TimeUnit.SECONDS);
    exchange();
    workers.forEach(TestingWorker::startAll);
    exchange();
    now.updateAndGet(time -> time.plusSeconds(1));
    exchange();

    TestingScrape scrape = scrape();

    assertThat(scrape.sum("ballast_tasks", "state", "running")).isEqualTo(4);
    int bound = workers.stream().mapToInt(worker -> worker.bound().size()).sum();
    assertThat(scrape.sum("ballast_tasks", "state", "bound")).isEqualTo(bound);
    assertThat(scrape.sum("ballast_tasks", "state", "waiting")).isEqualTo(6 - bound);
    assertThat(scrape.sum("ballast_tasks", "state", "unplaceable")).isEqualTo(3);
    assertThat(scrape.sum("ballast_browser_busy_slots", "pool", "chromium")).isEqualTo(2);
    assertThat(scrape.sum("ballast_browser_slots")).isEqualTo(4);
    assertThat(scrape.sum("ballast_workers", "state", "ready")).isEqualTo(2);
    assertThat(scrape.sum("ballast_breaker_state", "state", "closed")).isEqualTo(2);
    assertThat(scrape.sum("ballast_pool_replicas", "pool", "firefox", "kind", "ready"))
        .isEqualTo(1);
    assertThat(scrape.of("ballast_queue_oldest_seconds"))
        .singleElement()
        .satisfies(oldest -> assertThat(oldest.value()).isEqualTo(1));
  }

  @Test
  void whatNobodyToldIsAbsent() throws Exception {
    exchange();

    TestingScrape scrape = scrape();

    assertThat(scrape.of("ballast_browser_utilization_ratio")).isEmpty();
    assertThat(scrape.of("ballast_browser_memory_bytes")).isEmpty();
    assertThat(scrape.of("ballast_browser_forecast_utilization_ratio")).isEmpty();
    assertThat(scrape.of("ballast_queue_oldest_seconds")).isEmpty();
    assertThat(scrape.sum("ballast_pool_replicas", "kind", "desired")).isZero();
    assertThat(scrape.of("ballast_pool_replicas"))
        .allSatisfy(sample -> assertThat(sample.labels()).containsEntry("kind", "ready"));
  }

  @Test
  void aForecastIsShownAsItWasTold() {
    TreeMap<Double, Double> forecast = new TreeMap<>(Map.of(0.5, 0.4, 0.9, 1.2));
    outlook.put(
        "firefox",
        new PoolOutlook(
            OptionalInt.of(2),
            OptionalInt.of(3),
            forecast,
            OptionalDouble.of(0.7),
            Optional.of(true)));

    TestingScrape scrape = scrape();

    assertThat(
            scrape.sum(
                "ballast_browser_forecast_utilization_ratio", "pool", "firefox", "quantile", "0.9"))
        .isEqualTo(1.2);
    assertThat(scrape.sum("ballast_pool_replicas", "kind", "recommended")).isEqualTo(3);
    assertThat(scrape.sum("ballast_forecast_error_ratio")).isEqualTo(0.7);
    assertThat(scrape.sum("ballast_forecast_trusted")).isEqualTo(1);
  }

  @Test
  void aVerdictCountsUnderEachOfItsReasons() {
    EventMetrics metrics = new EventMetrics(registry);
    var measured =
        Examples.result(
            new dev.ballast.model.AttemptId(new dev.ballast.model.TaskId("u", 0), 1, 1),
            Examples.model("vad", ModelFamily.AUDIO),
            Backend.WASM,
            Examples.browser(BrowserKind.FIREFOX),
            "w",
            Outcome.SUCCEEDED,
            now.get(),
            10);
    Verdict rejected = Verdict.of(EnumSet.of(Verdict.Reason.WRONG_OUTPUT, Verdict.Reason.NOISY));

    metrics.accept(
        new Event.AttemptEnded(
            Examples.change(measured, _ -> rejected), Optional.empty(), now.get()));

    TestingScrape scrape = scrape();
    assertThat(scrape.sum("ballast_measurements_total", "level", "rejected")).isEqualTo(1);
    assertThat(scrape.sum("ballast_verdicts_total", "reason", "wrong-output")).isEqualTo(1);
    assertThat(scrape.sum("ballast_verdicts_total", "reason", "noisy")).isEqualTo(1);
  }

  @Test
  void aWriteThatFailsIsCounted() {
    journal.failNext(1);

    assertThat(loop.submit(Examples.job("j").spec())).failsWithin(java.time.Duration.ofSeconds(5));

    assertThat(registry.get("ballast_journal_failures").counter().count()).isEqualTo(1);
  }
}
