package dev.ballast.dispatch;

import static dev.ballast.TestingPatience.await;
import static dev.ballast.dispatch.Examples.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ballast.balancer.Decision;
import dev.ballast.balancer.Priors;
import dev.ballast.balancer.Profiles;
import dev.ballast.model.Assignment;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.Outcome;
import dev.ballast.model.SyncResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DispatchLoopTest {
  private final TestingJournal journal = new TestingJournal();
  private final Profiles profiles = new Profiles(Priors.DEFAULTS);
  private final AtomicInteger uids = new AtomicInteger();

  /** How often the loop has looked at the clock: it does for each command that it takes in. */
  private final AtomicInteger taken = new AtomicInteger();

  private final TestingWorker worker =
      new TestingWorker(
          "w1", "pool", Map.of(), BrowserKind.CHROMIUM, 1, List.of(Backend.WASM), true);
  private DispatchLoop loop = open();

  @AfterEach
  void close() {
    journal.goOn();
    loop.close();
  }

  @Test
  void aJobRunsThroughTheLoop() throws Exception {
    List<Event> heard = new CopyOnWriteArrayList<>();
    var subscription = loop.listen(heard::add);
    String uid = loop.submit(job("j").repetitions(3).spec()).get(30, TimeUnit.SECONDS);

    while (!loop.job(uid).orElseThrow().state().ended()) {
      exchange();
      worker.startAll();
      exchange();
      for (Assignment running : worker.running()) {
        worker.finish(running.attempt(), Outcome.SUCCEEDED, Instant.now(), 10);
      }
    }

    assertThat(loop.job(uid).orElseThrow().state()).isEqualTo(JobState.COMPLETE);
    assertThat(profiles.all()).hasSize(1);
    await().untilAsserted(() -> assertThat(heard).isEqualTo(journal.events()));
    subscription.close();
  }

  @Test
  void aParkedExchangeIsAnsweredAtOnceByASubmission() throws Exception {
    loop.close();
    loop = open(DispatchSettings.DEFAULTS.withHeartbeat(Duration.ofMinutes(5), 3));
    CompletableFuture<SyncResponse> parked = loop.sync(worker.request(300_000));

    var _ = loop.submit(job("j").spec()).get(30, TimeUnit.SECONDS);

    assertThat(parked.get(30, TimeUnit.SECONDS).assignments()).hasSize(1);
  }

  @Test
  void aLoopThatEndsOfItselfSaysSoAndRefusesWhoeverWaits() throws Exception {
    loop.close();
    loop = open(DispatchSettings.DEFAULTS, new Exhausted());
    assertThat(loop.failed()).isNotDone();

    var _ = loop.submit(job("j").spec());
    CompletableFuture<SyncResponse> exchange = loop.sync(worker.request(50));

    assertThat(loop.failed().get(30, TimeUnit.SECONDS)).contains("OutOfMemoryError");
    assertThatThrownBy(() -> exchange.get(30, TimeUnit.SECONDS))
        .cause()
        .isInstanceOfSatisfying(
            DispatchException.class,
            e -> assertThat(e.code()).isEqualTo(DispatchException.Code.CLOSED));
    assertThat(loop.notReady()).contains("dispatch is closed");
  }

  /** No decision can be made any more. */
  private static final class Exhausted implements DecisionWatch {
    @Override
    public void looking() {}

    @Override
    public void decided(Decision decision) {
      throw new OutOfMemoryError("as if the heap were full");
    }
  }

  @Test
  void aParkedExchangeIsAnsweredInTheEnd() throws Exception {
    SyncResponse response = loop.sync(worker.request(50)).get(30, TimeUnit.SECONDS);

    assertThat(response.assignments()).isEmpty();
    assertThat(response.heartbeatMillis()).isEqualTo(2_000);
  }

  @Test
  void aJobThatIsNotDurableIsNotAcceptedAndTheLoopGoesOnByItself() throws Exception {
    String kept = loop.submit(job("kept").spec()).get(30, TimeUnit.SECONDS);
    journal.failNext(2);

    assertThatThrownBy(() -> loop.submit(job("j").spec()).join())
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            DispatchException.class,
            e -> assertThat(e.code()).isEqualTo(DispatchException.Code.NOT_READY));
    assertThat(loop.notReady()).contains("no space left on device");

    await().until(() -> loop.notReady().isEmpty());
    assertThat(loop.jobs()).extracting(JobView::uid).containsExactly(kept);
    assertThat(loop.submit(job("j").spec()).get(30, TimeUnit.SECONDS)).isNotEmpty();
  }

  @Test
  void aResultIsAcknowledgedOnlyWhenDurable() throws Exception {
    String uid = loop.submit(job("j").spec()).get(30, TimeUnit.SECONDS);
    exchange();
    worker.startAll();
    exchange();
    worker.finish(worker.running().getFirst().attempt(), Outcome.SUCCEEDED, Instant.now(), 10);
    journal.failNext(1);

    assertThatThrownBy(this::exchange).hasCauseInstanceOf(DispatchException.class);
    assertThat(worker.unacknowledged()).hasSize(1);
    await().until(() -> loop.notReady().isEmpty());
    exchange();

    assertThat(worker.unacknowledged()).isEmpty();
    assertThat(loop.job(uid).orElseThrow().state()).isEqualTo(JobState.COMPLETE);
  }

  @Test
  void theNextBatchIsTakenInWhileOneIsWrittenAndNobodyIsToldBefore() throws Exception {
    journal.hold();
    CompletableFuture<String> first = loop.submit(job("a").spec());
    journal.awaitWrite();
    int before = taken.get();
    CompletableFuture<String> second = loop.submit(job("b").spec());
    CompletableFuture<String> third = loop.submit(job("c").spec());
    CompletableFuture<List<JobView>> asked = CompletableFuture.supplyAsync(loop::jobs);
    // One look at the clock may be of before.
    await().until(() -> taken.get() > before + 1);

    assertThat(first).isNotDone();
    assertThat(second).isNotDone();
    assertThat(asked).isNotDone();
    assertThat(journal.events()).isEmpty();
    journal.goOn();

    assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo("uid-1");
    assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo("uid-2");
    assertThat(third.get(30, TimeUnit.SECONDS)).isEqualTo("uid-3");
    assertThat(asked.get(30, TimeUnit.SECONDS)).isNotEmpty();
  }

  @Test
  void whatWasTakenInBehindABatchThatCannotBeWrittenIsRefusedWithIt() throws Exception {
    journal.hold();
    CompletableFuture<String> first = loop.submit(job("a").spec());
    journal.awaitWrite();
    int before = taken.get();
    CompletableFuture<String> second = loop.submit(job("b").spec());
    CompletableFuture<String> third = loop.submit(job("c").spec());
    await().until(() -> taken.get() > before + 1);
    journal.failNext(1);
    journal.goOn();

    assertThatThrownBy(() -> first.get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(DispatchException.class);
    assertThatThrownBy(() -> second.get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(DispatchException.class);
    assertThatThrownBy(() -> third.get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(DispatchException.class);
    await().until(() -> loop.notReady().isEmpty());
    assertThat(loop.jobs()).isEmpty();
    assertThat(journal.events()).isEmpty();
  }

  @Test
  void aReportThatComesAgainIsNotAcknowledgedBeforeItsResultIsDurable() throws Exception {
    var _ = loop.submit(job("j").spec()).get(30, TimeUnit.SECONDS);
    exchange();
    worker.startAll();
    exchange();
    worker.finish(worker.running().getFirst().attempt(), Outcome.SUCCEEDED, Instant.now(), 10);
    journal.hold();
    CompletableFuture<SyncResponse> first = loop.sync(worker.request(0));
    journal.awaitWrite();
    int before = taken.get();
    CompletableFuture<SyncResponse> again = loop.sync(worker.request(0));
    CompletableFuture<SyncResponse> onceMore = loop.sync(worker.request(0));
    await().until(() -> taken.get() > before + 1);

    assertThat(again).isNotDone();
    assertThat(onceMore).isNotDone();
    journal.failNext(1);
    journal.goOn();

    assertThatThrownBy(() -> first.get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(DispatchException.class);
    assertThatThrownBy(() -> again.get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(DispatchException.class);
    assertThatThrownBy(() -> onceMore.get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(DispatchException.class);
  }

  @Test
  void anAcknowledgedJobSurvivesARestart() throws Exception {
    String uid = loop.submit(job("j").spec()).get(30, TimeUnit.SECONDS);
    loop.close();

    loop = open();

    assertThat(loop.jobs()).extracting(JobView::uid).containsExactly(uid);
    assertThat(loop.resume("default", "j").get(30, TimeUnit.SECONDS)).isEqualTo(uid);
  }

  @Test
  void theJournalIsShortenedEverySoManyEvents() throws Exception {
    loop.close();
    loop = open(DispatchSettings.DEFAULTS.withSnapshotEvery(2));
    String uid = loop.submit(job("j").repetitions(3).spec()).get(30, TimeUnit.SECONDS);
    exchange();
    exchange();
    loop.close();

    assertThat(journal.snapshots()).isPositive();
    loop = open();
    assertThat(loop.jobs()).extracting(JobView::uid).containsExactly(uid);
  }

  @Test
  void aClosedLoopRefuses() {
    loop.close();

    assertThatThrownBy(() -> loop.submit(job("j").spec()).join())
        .hasCauseInstanceOf(DispatchException.class);
  }

  private void exchange() throws Exception {
    worker.take(loop.sync(worker.request(0)).get(30, TimeUnit.SECONDS));
  }

  private DispatchLoop open() {
    return open(DispatchSettings.DEFAULTS);
  }

  private DispatchLoop open(DispatchSettings settings) {
    return open(settings, DecisionWatch.NONE);
  }

  private DispatchLoop open(DispatchSettings settings, DecisionWatch decisions) {
    return new DispatchLoop(
        journal,
        profiles,
        settings,
        new DispatchLoop.Ports(
            this::now, new SplittableRandom(1), () -> "uid-" + uids.incrementAndGet(), decisions));
  }

  private Instant now() {
    taken.incrementAndGet();
    return Instant.now();
  }
}
