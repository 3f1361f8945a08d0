package dev.ballast.server.outlook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.balancer.Outlook;
import dev.ballast.balancer.ScalingWish;
import dev.ballast.balancer.scaling.Aim;
import dev.ballast.dispatch.Event;
import dev.ballast.dispatch.Examples;
import dev.ballast.dispatch.TestingDispatch;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LookoutTest {
  private final TestingDispatch dispatch = new TestingDispatch();
  private final Outlook outlook = new Outlook();
  private final Retrospect retrospect = new Retrospect();
  private final Lookout lookout = new Lookout(outlook, retrospect, Aim.DEFAULTS);
  private int jobs;

  private void tick(String... alive) {
    for (int second = 0; second < 10; second += 2) {
      dispatch.pass(Duration.ofSeconds(2), alive);
      lookout.tick(dispatch.dispatch().pulse());
    }
  }

  private void job(int tasks) {
    var job =
        Examples.job("job-" + jobs++)
            .models(Examples.model("m", ModelFamily.AUDIO))
            .repetitions(tasks);
    dispatch.submit(job);
    lookout.accept(new Event.JobAccepted("u" + jobs, job.spec(), dispatch.now()));
  }

  @Test
  void aPoolThatIsIdleNeedsNobodyAndSaysSo() {
    dispatch.withWorker("w1", new BrowserKind("chromium"), 2);
    tick("w1");
    tick("w1");

    var pool = outlook.pools().firstEntry().getValue();

    assertThat(pool.recommended()).hasValue(0);
    assertThat(pool.forecastUtilization().get(0.5)).isLessThan(0.01);
  }

  @Test
  void whatWaitsAndWhatArrivesAsksForMoreWorkers() {
    dispatch.withWorker("w1", new BrowserKind("chromium"), 2);
    for (int i = 0; i < 6; i++) {
      job(40);
      tick("w1");
    }

    var pool = outlook.pools().firstEntry().getValue();

    // 4 tasks a second of about 4 s, beside a backlog, on workers with 2 slots each.
    assertThat(pool.recommended().orElseThrow()).isGreaterThan(8);
    assertThat(pool.forecastUtilization().get(0.5)).isGreaterThan(8);
    assertThat(pool.forecastTrusted()).isPresent();
  }

  @Test
  void fewerSlotsBusyAsksForMoreWorkers() {
    dispatch.withWorker("w1", new BrowserKind("chromium"), 2);
    tick("w1");
    String name = outlook.pools().firstKey();
    for (int i = 0; i < 12; i++) {
      job(100);
      tick("w1");
    }
    int wide = outlook.of(name).recommended().orElseThrow();

    outlook.wish(name, new ScalingWish(60, 0.01));
    tick("w1");

    // What arrives keeps about 40 slots busy, and these are to be a hundredth.
    assertThat(outlook.of(name).recommended().orElseThrow()).isGreaterThan(3 * wide);
  }

  @Test
  void aForecastLooksAsFarAheadAsItIsAsked() {
    dispatch.withWorker("w1", new BrowserKind("chromium"), 2);
    tick("w1");
    String name = outlook.pools().firstKey();
    // A minute of tasks, a minute without: a lead time ahead is not what two minutes ahead is.
    for (int minute = 0; minute < 30; minute++) {
      for (int i = 0; i < 6; i++) {
        if (minute % 2 == 0) {
          job(20);
        }
        tick("w1");
      }
    }
    double near = outlook.of(name).forecastUtilization().get(0.5);

    outlook.wish(name, new ScalingWish(90, 1));
    tick("w1");

    assertThat(outlook.of(name).forecastUtilization().get(0.5)).isNotEqualTo(near);
  }

  @Test
  void whatIsWantedBySomebodyElseStays() {
    dispatch.withWorker("w1", new BrowserKind("chromium"), 2);
    tick("w1");
    String name = outlook.pools().firstKey();
    outlook.update(name, known -> known.withDesired(7));
    tick("w1");

    assertThat(outlook.of(name).desired()).hasValue(7);
  }

  @Test
  void whatWasForecastIsToldBesideWhatCame() {
    dispatch.withWorker("w1", new BrowserKind("chromium"), 2);
    for (int i = 0; i < 100; i++) {
      tick("w1");
    }
    job(1);
    dispatch.start("w1");
    tick("w1");

    var points = retrospect.pools().firstEntry().getValue();

    // 15 minutes, a point every 10 s, and no more.
    assertThat(points).hasSize(91);
    assertThat(points.getFirst().at()).isEqualTo(points.getLast().at().minus(Retrospect.KEPT));
    assertThat(points)
        .allSatisfy(point -> {
          assertThat(point.ahead()).isPositive();
          assertThat(point.forecast()).containsOnlyKeys(0.1, 0.5, 0.9);
        });
    // One task in two slots.
    assertThat(points.get(89).used()).hasValue(0);
    assertThat(points.getLast().used()).hasValue(0.5);
  }

  @Test
  void twoPoolsThatMayRunAJobShareIt() {
    dispatch.withWorker("w1", new BrowserKind("chromium"), 2);
    dispatch.withWorker("w2", new BrowserKind("firefox"), 2);
    tick("w1", "w2");
    job(100);
    tick("w1", "w2");

    assertThat(outlook.pools()).hasSize(2);
    var pools = outlook.pools().values().stream().toList();
    assertThat(pools.get(0).recommended()).isEqualTo(pools.get(1).recommended());
  }
}
