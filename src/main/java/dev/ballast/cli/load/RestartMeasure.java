package dev.ballast.cli.load;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** How long a controller takes to be ready after so many journalled tasks, and what they weigh. */
final class RestartMeasure {
  private static final int JOB = 50_000;
  private static final int QUEUED = 100_000;

  private final Path home;
  private final Path data;
  private final int port;

  RestartMeasure(Path home, Path data, int port) {
    this.home = home;
    this.data = data;
    this.port = port;
  }

  /**
   * Has {@code tasks} done and more queued, kills the controller, starts it again, and lets workers
   * come.
   */
  void run(int tasks, PrintStream out) throws InterruptedException, IOException {
    Path log = data.resolve("controller.log");
    ControllerProcess controller = ControllerProcess.start(home, data, port, log);
    try {
      try (LoadFleet fleet = new LoadFleet(controller.server(), 16, 4).start()) {
        LoadJobs jobs = new LoadJobs(controller.server());
        for (int done = 0; done < tasks; ) {
          int next = Math.min(JOB, tasks - done);
          jobs.submit("restart-" + done, next);
          done += next;
          while (fleet.counts().acknowledged().sum() < done) {
            TimeUnit.MILLISECONDS.sleep(20);
          }
          if (done * 2L >= tasks && (done - next) * 2L < tasks) {
            tell(out, done);
          }
        }
      }
      tell(out, tasks);
      new LoadJobs(controller.server()).submit("queued", QUEUED);
      controller.kill();
      long begun = System.nanoTime();
      controller = ControllerProcess.start(home, data, port, log);
      out.printf(
          Locale.ROOT,
          "restart after %,d journalled tasks, %,d queued: ready in %.2f s%n",
          tasks,
          QUEUED,
          (System.nanoTime() - begun) / 1e9);
      out.printf(
          Locale.ROOT,
          "the first of them is assigned %.2f s after workers come%n",
          firstAssignmentSeconds(controller));
    } finally {
      controller.kill();
    }
  }

  private static double firstAssignmentSeconds(ControllerProcess controller)
      throws InterruptedException {
    long begun = System.nanoTime();
    try (LoadFleet fleet = new LoadFleet(controller.server(), 16, 4).start()) {
      while (fleet.counts().assigned().sum() == 0) {
        TimeUnit.MILLISECONDS.sleep(1);
      }
      return (System.nanoTime() - begun) / 1e9;
    }
  }

  private void tell(PrintStream out, int tasks) throws IOException {
    long bytes = size("ballast.duckdb") + size("ballast.duckdb.wal");
    out.printf(Locale.ROOT, "%,d tasks done: database and its log %d MiB%n", tasks, bytes >> 20);
  }

  private long size(String name) throws IOException {
    Path file = data.resolve(name);
    return Files.exists(file) ? Files.size(file) : 0;
  }
}
