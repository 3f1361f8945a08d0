package dev.ballast.cli.load;

import dev.ballast.cli.command.CommandException;
import dev.ballast.cli.command.CommonOptions;
import dev.ballast.cli.command.Exit;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Simulated workers over real HTTP: how fast a controller is, and what it survives. */
@Command(
    name = "load",
    description =
        "Simulated workers over real HTTP: how fast a controller is, and whether it loses anything"
            + " when it is killed.")
public final class LoadCommand implements Callable<Integer> {
  private static final int BATCH = 50_000;
  private static final int PATIENCE_SECONDS = 30;

  @Mixin CommonOptions common = new CommonOptions();

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = "The controller to load, for example one of: bin/ballast local --workers 0.")
  @Nullable URI server;

  @Option(
      names = "--kill-rounds",
      paramLabel = "N",
      description = "Instead: start a controller in --data and kill it N times under load.")
  int killRounds;

  @Option(
      names = "--stop-rounds",
      paramLabel = "N",
      description = "Instead: stop it (SIGSTOP) for 20 s, N times.")
  int stopRounds;

  @Option(
      names = "--worker-rounds",
      paramLabel = "N",
      description =
          "Instead: real workers with the browsers found here, of which one is killed N times.")
  int workerRounds;

  @Option(
      names = "--browser-rounds",
      paramLabel = "N",
      description = "Instead: the same, but only the browser of one is killed N times.")
  int browserRounds;

  @Option(
      names = "--restart-after",
      paramLabel = "TASKS",
      description = "Instead: have so many tasks done, kill the controller, and time its restart.")
  int restartAfter;

  @Option(
      names = "--full-disk",
      description = "Instead: fill the file system of --data, and make room again.")
  boolean fullDisk;

  @Option(
      names = "--queue",
      description =
          "Instead: dispatch alone, in this process: heap with 100,000 queued tasks and 10,000"
              + " browsers, and what a task costs as the queue grows.")
  boolean queue;

  @Option(
      names = "--start-rounds",
      paramLabel = "N",
      description = "Instead: how long a controller in --data takes from its start to ready.")
  int startRounds;

  @Option(names = "--port", paramLabel = "N", description = "Port of a controller started here.")
  int port = 7979;

  @Option(names = "--seed", paramLabel = "N", description = "When to kill (default: the time).")
  long seed = System.nanoTime();

  @Option(names = "--workers", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  int workers = 16;

  @Option(names = "--slots", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  int slots = 4;

  @Option(names = "--seconds", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  int seconds = 60;

  @Override
  public Integer call() throws InterruptedException, IOException {
    Path home = Path.of(System.getenv().getOrDefault("BALLAST_HOME", "."));
    if (fullDisk) {
      System.out.println(new FullDisk(home, common.dataDirectory(), port).run());
      return Exit.OK;
    }
    if (queue) {
      queue(System.out);
      return Exit.OK;
    }
    if (startRounds > 0) {
      starts(home, System.out);
      return Exit.OK;
    }
    if (workerRounds > 0 || browserRounds > 0) {
      RealRounds rounds = new RealRounds(home, common.dataDirectory(), port, seed, System.err);
      return tell(
          workerRounds > 0
              ? rounds.run(workerRounds, RealRounds.Victim.WORKER)
              : rounds.run(browserRounds, RealRounds.Victim.BROWSER));
    }
    if (restartAfter > 0) {
      new RestartMeasure(home, common.dataDirectory(), port).run(restartAfter, System.out);
      return Exit.OK;
    }
    if (killRounds > 0 || stopRounds > 0) {
      KillRounds rounds = new KillRounds(home, common.dataDirectory(), port, seed, System.err);
      return tell(rounds.run(Math.max(killRounds, stopRounds), stopRounds > 0));
    }
    URI controller = server;
    if (controller == null) {
      throw CommandException.usage(
          "--server URL, --kill-rounds N, --start-rounds N or --queue: what shall be loaded?");
    }
    measure(controller, System.out);
    return Exit.OK;
  }

  private static int tell(KillRounds.Counts counts) {
    System.out.println(counts);
    return counts.good() ? Exit.OK : Exit.FAILED;
  }

  private static void queue(PrintStream out) throws InterruptedException {
    out.printf(
        Locale.ROOT,
        "100,000 queued tasks, 10,000 browsers: %d MiB of heap%n",
        QueueLoad.heapBytes(100_000, 10_000) >> 20);
    QueueLoad.taskMicros(1_000, 20_000);
    double shortest = 0;
    for (int queued : new int[] {1_000, 10_000, 100_000, 1_000_000}) {
      double micros = QueueLoad.taskMicros(queued, 20_000);
      shortest = shortest == 0 ? micros : shortest;
      out.printf(
          Locale.ROOT,
          "queue of %,d: %.1f µs of dispatch a task, %.2f ×%n",
          queued,
          micros,
          micros / shortest);
    }
  }

  private void starts(Path home, PrintStream out) {
    double[] seconds = new double[startRounds];
    for (int i = 0; i < seconds.length; i++) {
      long begun = System.nanoTime();
      ControllerProcess controller =
          ControllerProcess.start(
              home, common.dataDirectory(), port, common.dataDirectory().resolve("controller.log"));
      seconds[i] = (System.nanoTime() - begun) / 1e9;
      controller.kill();
    }
    Arrays.sort(seconds);
    out.printf(
        Locale.ROOT,
        "start of local to ready: %.2f s at the median of %d, at most %.2f s%n",
        seconds[seconds.length / 2],
        seconds.length,
        seconds[seconds.length - 1]);
  }

  private void measure(URI controller, PrintStream out) throws InterruptedException {
    LoadJobs jobs = new LoadJobs(controller);
    String run = Long.toString(System.currentTimeMillis(), 36);
    out.printf(Locale.ROOT, "job of 100,000 tasks accepted: %.2f s%n", accepted(jobs, run));
    BlockingQueue<Long> assigned = new LinkedBlockingQueue<>();
    try (LoadFleet one =
        new LoadFleet(controller, 1, 1, _ -> assigned.add(System.nanoTime())).start()) {
      double[] millis = startMillis(jobs, one, assigned, run);
      out.printf(
          Locale.ROOT,
          "submit → started on an idle worker: p50 %.1f ms, p99 %.1f ms (%d jobs)%n",
          millis[millis.length / 2],
          millis[(int) (millis.length * 0.99)],
          millis.length);
    }
    out.printf(
        Locale.ROOT,
        "durable no-op tasks: %.0f/s over %d s, %d workers × %d slots%n",
        throughput(jobs, controller, run),
        seconds,
        workers,
        slots);
  }

  private static double accepted(LoadJobs jobs, String run) {
    jobs.submit("warm-" + run, 1_000);
    jobs.cancel("warm-" + run);
    long begun = System.nanoTime();
    jobs.submit("large-" + run, 100_000);
    double taken = (System.nanoTime() - begun) / 1e9;
    jobs.cancel("large-" + run);
    return taken;
  }

  /** {@code assignedNanos}: when the worker got each of its tasks. */
  private static double[] startMillis(
      LoadJobs jobs, LoadFleet one, BlockingQueue<Long> assignedNanos, String run)
      throws InterruptedException {
    double[] millis = new double[300];
    for (int i = -20; i < millis.length; i++) {
      long before = one.counts().acknowledged().sum();
      long begun = System.nanoTime();
      jobs.submit("start-%s-%d".formatted(run, i + 20), 1);
      Long assigned = assignedNanos.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (assigned == null) {
        throw CommandException.environment(
            "nothing was assigned within %d s".formatted(PATIENCE_SECONDS));
      }
      if (i >= 0) {
        millis[i] = (assigned - begun) / 1e6;
      }
      while (one.counts().acknowledged().sum() == before) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
      // The worker must be idle again, its poll held open.
      TimeUnit.MILLISECONDS.sleep(5);
    }
    Arrays.sort(millis);
    return millis;
  }

  private double throughput(LoadJobs jobs, URI controller, String run) throws InterruptedException {
    int submitted = 0;
    try (LoadFleet fleet = new LoadFleet(controller, workers, slots).start()) {
      long begun = 0;
      long first = 0;
      long end = Long.MAX_VALUE;
      while (System.nanoTime() < end) {
        long done = fleet.counts().acknowledged().sum();
        if ((long) submitted * BATCH - done < BATCH) {
          jobs.submit("load-%s-%d".formatted(run, ++submitted), BATCH);
        }
        if (begun == 0 && done > 20_000) {
          // The first tasks warm the controller up.
          begun = System.nanoTime();
          first = done;
          end = begun + TimeUnit.SECONDS.toNanos(seconds);
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
      double rate =
          (fleet.counts().acknowledged().sum() - first) / ((System.nanoTime() - begun) / 1e9);
      for (int job = 1; job <= submitted; job++) {
        String name = "load-%s-%d".formatted(run, job);
        if (!jobs.isOver(name)) {
          jobs.cancel(name);
        }
      }
      return rate;
    }
  }
}
