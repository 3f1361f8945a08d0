package dev.ballast.cli.load;

import dev.ballast.cli.command.CommandException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real controller whose disk fills under load and has room again: meanwhile it refuses jobs and
 * says why, afterwards it goes on by itself. {@code data} lies on a small file system of its own.
 */
final class FullDisk {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int JOBS = 200;
  private static final int WORKERS = 4;
  private static final int SLOTS = 2;
  private static final int TASKS = 500;

  private final Path home;
  private final Path data;
  private final int port;

  FullDisk(Path home, Path data, int port) {
    this.home = home;
    this.data = data;
    this.port = port;
  }

  /** A line with what happened; throws {@link CommandException} when it was not as it should be. */
  String run() throws IOException, InterruptedException {
    Path log = Files.createTempFile("ballast-full-disk", ".log");
    ControllerProcess controller = ControllerProcess.start(home, data, port, log);
    try (LoadFleet fleet = new LoadFleet(controller.server(), WORKERS, SLOTS).start()) {
      LoadJobs jobs = new LoadJobs(controller.server());
      List<String> accepted = new ArrayList<>();
      jobs.submit("before", TASKS);
      accepted.add("before");
      awaitReports(fleet);
      Path filler = fill();
      String refusal = refused(jobs, accepted);
      String notReady = controller.unready();
      if (notReady.isEmpty()) {
        throw CommandException.environment("the journal cannot be written, and it says ready");
      }
      Files.delete(filler);
      double seconds = awaitRoom(jobs);
      accepted.add("after");
      for (String job : accepted) {
        jobs.awaitOver(job, PATIENCE);
      }
      controller.kill();
      controller = ControllerProcess.start(home, data, port, log);
      LoadJobs.Kept kept = LoadJobs.Kept.ALL;
      for (String job : accepted) {
        kept = kept.and(new LoadJobs(controller.server()).kept(job, TASKS));
      }
      if (!kept.equals(LoadJobs.Kept.ALL)) {
        throw CommandException.environment("full disk: " + kept);
      }
      return "full disk: refused with \"%s\"; not ready: %s; accepted again %.1f s after there was room; %d jobs acknowledged, %d tasks, 0 lost, 0 doubled"
          .formatted(
              refusal.lines().findFirst().orElse(""),
              notReady,
              seconds,
              accepted.size(),
              accepted.size() * TASKS);
    } finally {
      controller.kill();
      Files.deleteIfExists(log);
    }
  }

  private static void awaitReports(LoadFleet fleet) throws InterruptedException {
    while (fleet.counts().acknowledged().sum() == 0) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  /** Submits until nothing is accepted any more; what it was refused with. */
  private static String refused(LoadJobs jobs, List<String> accepted) {
    while (accepted.size() <= JOBS) {
      String name = "during-" + accepted.size();
      try {
        jobs.submit(name, TASKS);
        accepted.add(name);
      } catch (CommandException e) {
        return String.valueOf(e.getMessage());
      }
    }
    throw CommandException.environment("the disk is full, and nothing was refused");
  }

  private double awaitRoom(LoadJobs jobs) throws InterruptedException {
    long begun = System.nanoTime();
    while (true) {
      try {
        jobs.submit("after", TASKS);
        return (System.nanoTime() - begun) / 1e9;
      } catch (CommandException e) {
        if (System.nanoTime() - begun > PATIENCE.toNanos()) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(200);
      }
    }
  }

  private Path fill() throws IOException {
    Path filler = data.resolve("filler");
    byte[] block = new byte[64 << 10];
    try (OutputStream out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      // Byte by byte, so that no room is left at all.
      try (OutputStream out =
          Files.newOutputStream(filler, java.nio.file.StandardOpenOption.APPEND)) {
        while (true) {
          out.write(0);
        }
      } catch (IOException now) {
        return filler;
      }
    }
  }
}
