package dev.ballast.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ballast.model.AttemptResult;
import dev.ballast.model.Outcome;
import dev.ballast.model.RunOptions.Isolation;
import dev.ballast.model.Verdict.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What results of two browsers on one machine say of when their blocks ran. */
class TwoBrowsersAttemptBrowserTest {
  private static final String[] BOTH = {"chromium", "firefox"};

  @TempDir static Path folder;

  private static TestingFleet fleet;

  /** A block in the time of the machine, in milliseconds. */
  private record Timed(String kind, double start, double end) {}

  @BeforeAll
  static void start() throws Exception {
    fleet = new TestingFleet(folder, BOTH);
    // Both have the model then: the first to measure does not end before the other one begins.
    run(Duration.ofMillis(200), Isolation.SHARED);
  }

  @AfterAll
  static void stop() {
    fleet.close();
  }

  @Test
  void browsersThatAreComparedTakeTurnsByTwoBlocksAndNeverOverlap() throws Exception {
    List<Timed> blocks = blocks(run(Isolation.EXCLUSIVE));

    for (int i = 1; i < blocks.size(); i++) {
      assertThat(blocks.get(i).start()).isGreaterThanOrEqualTo(blocks.get(i - 1).end());
    }
    // A BB AA BB … from the first block of the one that came later, to the last of the first to go.
    List<Integer> runs = runsWhileBothMeasure(blocks);
    assertThat(runs).hasSizeGreaterThanOrEqualTo(4);
    assertThat(runs.subList(1, runs.size() - 1)).containsOnly(2);
  }

  @Test
  void phasesSumToTheWallTimeAndTheOverheadIsSmall() throws Exception {
    List<AttemptResult> results = run(Isolation.EXCLUSIVE);

    for (AttemptResult result : results) {
      assertThat(result.phases().total()).isCloseTo(result.wall(), within(0.02 * result.wall()));
    }
    // The least of them: whatever else the machine does comes on top, and is not ours.
    double least =
        results.stream()
            .mapToDouble(TwoBrowsersAttemptBrowserTest::overheadRatio)
            .min()
            .orElseThrow();
    assertThat(least).isLessThan(0.1);
  }

  /** Of the time that was not spent waiting. */
  private static double overheadRatio(AttemptResult result) {
    double own = result.wall() - result.phases().queue() - result.phases().turn();
    return result.phases().overhead() / own;
  }

  @Test
  void sharedMeasurementsRunSideBySideAndSaySo() throws Exception {
    List<AttemptResult> results = run(Isolation.SHARED);

    List<Timed> blocks = blocks(results);
    boolean overlap = false;
    for (int i = 1; i < blocks.size(); i++) {
      overlap |= blocks.get(i).start() < blocks.get(i - 1).end();
    }
    assertThat(overlap).isTrue();
    for (AttemptResult result : results) {
      assertThat(result.verdict().reasons()).contains(Reason.CO_LOCATED_LOAD);
      assertThat(result.phases().turn()).isLessThan(50);
    }
  }

  /** One attempt in each browser at a time, long enough for some blocks. */
  private static List<AttemptResult> run(Isolation isolation) throws Exception {
    return run(Duration.ofSeconds(3), isolation);
  }

  private static List<AttemptResult> run(Duration most, Isolation isolation) throws Exception {
    TestingJob job = TestingJob.builtin("ppocr-cls").in(BOTH).target(1e-6, most, isolation);

    List<AttemptResult> results = fleet.run(job.spec(), BOTH.length);

    assertThat(results).extracting(AttemptResult::outcome).containsOnly(Outcome.SUCCEEDED);
    return results;
  }

  private static List<Timed> blocks(List<AttemptResult> results) {
    List<Timed> blocks = new ArrayList<>();
    for (AttemptResult result : results) {
      double started = ChronoUnit.MICROS.between(java.time.Instant.EPOCH, result.startedAt()) / 1e3;
      for (AttemptResult.Block block : result.sampling().blocks()) {
        blocks.add(
            new Timed(
                result.browser().kind().name(),
                started + block.startMillis(),
                started + block.endMillis()));
      }
    }
    blocks.sort(Comparator.comparingDouble(Timed::start));
    return blocks;
  }

  /** How many blocks one browser had in a row, each time, while the other had more to do. */
  private static List<Integer> runsWhileBothMeasure(List<Timed> blocks) {
    double from = 0;
    double to = Double.POSITIVE_INFINITY;
    for (String kind : BOTH) {
      List<Timed> own = blocks.stream().filter(block -> block.kind().equals(kind)).toList();
      from = Math.max(from, own.getFirst().start());
      to = Math.min(to, own.getLast().end());
    }
    List<Integer> runs = new ArrayList<>();
    String last = "";
    for (Timed block : blocks) {
      if (block.start() >= from && block.end() <= to) {
        if (block.kind().equals(last)) {
          runs.set(runs.size() - 1, runs.getLast() + 1);
        } else {
          runs.add(1);
        }
        last = block.kind();
      }
    }
    return runs;
  }
}
