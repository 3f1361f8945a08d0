package dev.ballast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.TestingPatience;
import dev.ballast.cli.serve.ControllerService;
import dev.ballast.cli.serve.Workers;
import dev.ballast.dispatch.Examples;
import dev.ballast.dispatch.TestingWorker;
import dev.ballast.model.Assignment;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.JobSpec;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Outcome;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one run measured decides where the next one, of another process, places its tasks. */
class LearnedPlacementTest {
  @TempDir Path data;

  @Test
  void theNextRunGoesWhereTheHistorySaysAgainstThePrior() {
    try (ControllerService first = open()) {
      Workers workers = new Workers(first);
      assertThat(workers.chosenFor(job("before"))).isEqualTo(BrowserKind.FIREFOX);

      // Each browser gets half of these, whatever is believed of it.
      first
          .dispatch()
          .submit(
              job("measures")
                  .browsers(BrowserKind.CHROMIUM, BrowserKind.FIREFOX)
                  .repetitions(20)
                  .spec())
          .join();
      workers.finishAll();
    }

    try (ControllerService next = open()) {
      assertThat(new Workers(next).chosenFor(job("after"))).isEqualTo(BrowserKind.CHROMIUM);
    }
  }

  private ControllerService open() {
    return ControllerService.open(data, TestingPatience.SILENCE_ALLOWED, 1);
  }

  /** Audio, of which the prior believes that Firefox runs it faster. */
  private static Examples.Job job(String name) {
    return Examples.job(name).models(Examples.model("vad", ModelFamily.AUDIO)).repetitions(1);
  }

  /** One of each kind; the truth is that Chromium is the faster one. */
  private static final class Workers {
    private final ControllerService service;
    private final Map<BrowserKind, TestingWorker> workers =
        Map.of(
            BrowserKind.CHROMIUM, worker(BrowserKind.CHROMIUM),
            BrowserKind.FIREFOX, worker(BrowserKind.FIREFOX));

    Workers(ControllerService service) {
      this.service = service;
      exchange();
    }

    private static TestingWorker worker(BrowserKind kind) {
      return new TestingWorker(
          kind + "-1", kind.name(), Map.of(), kind, 1, List.of(Backend.WASM), true);
    }

    private void exchange() {
      for (TestingWorker worker : workers.values()) {
        worker.take(service.dispatch().sync(worker.request(0)).join());
      }
    }

    /** Runs a job of one task and tells where it ran. */
    BrowserKind chosenFor(Examples.Job job) {
      JobSpec spec = job.spec();
      service.dispatch().submit(spec).join();
      exchange();
      BrowserKind chosen =
          workers.entrySet().stream()
              .filter(entry -> startsOne(entry.getValue()))
              .findFirst()
              .orElseThrow()
              .getKey();
      finishAll();
      return chosen;
    }

    private static boolean startsOne(TestingWorker worker) {
      worker.startAll();
      return !worker.running().isEmpty();
    }

    private boolean open() {
      return service.dispatch().jobs().stream().anyMatch(job -> !job.state().ended());
    }

    void finishAll() {
      for (int round = 0; open(); round++) {
        assertThat(round).as("rounds until all is done").isLessThan(1_000);
        for (Map.Entry<BrowserKind, TestingWorker> entry : workers.entrySet()) {
          TestingWorker worker = entry.getValue();
          worker.startAll();
          for (Assignment running : worker.running()) {
            double millis = entry.getKey().equals(BrowserKind.CHROMIUM) ? 1_000 : 3_000;
            worker.finish(running.attempt(), Outcome.SUCCEEDED, Instant.now(), millis);
          }
        }
        exchange();
      }
    }
  }
}
