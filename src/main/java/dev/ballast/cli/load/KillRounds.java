package dev.ballast.cli.load;

import dev.ballast.cli.command.CommandException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * A real controller is killed again and again while simulated workers load it over HTTP. Whatever
 * it acknowledged must be there in the end, once.
 */
final class KillRounds {
  private static final int WORKERS = 8;
  private static final int SLOTS = 2;
  private static final int TASKS = 2_000;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Path home;
  private final Path data;
  private final int port;
  private final PrintStream err;
  private final Random random;
  private final List<String> accepted = new ArrayList<>();
  private double slowestFirstAssignment;

  KillRounds(Path home, Path data, int port, long seed, PrintStream err) {
    this.home = home;
    this.data = data;
    this.port = port;
    this.random = new Random(seed);
    this.err = err;
  }

  /** What was counted. */
  record Counts(int rounds, int jobs, int tasks, int lost, int doubled, double slowestSeconds) {
    boolean good() {
      return lost == 0 && doubled == 0;
    }

    @Override
    public String toString() {
      String counted =
          String.format(
              Locale.ROOT,
              "torture: %d rounds, %d jobs accepted, %d tasks, %d lost, %d doubled",
              rounds,
              jobs,
              tasks,
              lost,
              doubled);
      return slowestSeconds == 0
          ? counted
          : String.format(
              Locale.ROOT,
              "%s; at most %.2f s from ready to the first assignment",
              counted,
              slowestSeconds);
    }
  }

  Counts run(int rounds, boolean stops) throws InterruptedException {
    Path log = data.resolve("controller.log");
    ControllerProcess controller = ControllerProcess.start(home, data, port, log);
    try (LoadFleet fleet = new LoadFleet(controller.server(), WORKERS, SLOTS).start()) {
      for (int round = 1; round <= rounds; round++) {
        submit(controller, "round-" + round);
        awaitAssignment(fleet);
        TimeUnit.MILLISECONDS.sleep(100 + random.nextInt(1_500));
        if (stops) {
          err.printf("round %d of %d: stopped for 20 s%n", round, rounds);
          controller.signal("STOP");
          TimeUnit.SECONDS.sleep(20);
          controller.signal("CONT");
          controller.awaitReady(PATIENCE);
        } else {
          controller.kill();
          err.printf(
              "round %d of %d: killed, %d reports acknowledged so far%n",
              round, rounds, fleet.counts().acknowledged().sum());
          controller = ControllerProcess.start(home, data, port, log);
        }
      }
      awaitEnd(controller);
      return count(controller, rounds);
    } finally {
      controller.kill();
    }
  }

  private void submit(ControllerProcess controller, String name) {
    new LoadJobs(controller.server()).submit(name, TASKS);
    accepted.add(name);
  }

  private void awaitAssignment(LoadFleet fleet) throws InterruptedException {
    long before = fleet.counts().assigned().sum();
    long begun = System.nanoTime();
    while (fleet.counts().assigned().sum() == before) {
      if (System.nanoTime() - begun > PATIENCE.toNanos()) {
        throw CommandException.environment("nothing was assigned within " + PATIENCE);
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
    slowestFirstAssignment = Math.max(slowestFirstAssignment, (System.nanoTime() - begun) / 1e9);
  }

  private void awaitEnd(ControllerProcess controller) throws InterruptedException {
    LoadJobs jobs = new LoadJobs(controller.server());
    for (String job : accepted) {
      jobs.awaitOver(job, PATIENCE);
    }
  }

  /** One success for every task of every job that was acknowledged. */
  private Counts count(ControllerProcess controller, int rounds) {
    LoadJobs jobs = new LoadJobs(controller.server());
    LoadJobs.Kept kept = LoadJobs.Kept.ALL;
    for (String job : accepted) {
      kept = kept.and(jobs.kept(job, TASKS));
    }
    return new Counts(
        rounds,
        accepted.size(),
        accepted.size() * TASKS,
        kept.lost(),
        kept.doubled(),
        slowestFirstAssignment);
  }
}
