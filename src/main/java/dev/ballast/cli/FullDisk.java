package dev.ballast.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A real controller whose disk fills and has room again: meanwhile it refuses jobs and says why,
 * afterwards it goes on by itself. {@code data} lies on a small file system of its own.
 */
final class FullDisk {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int JOBS = 200;

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
    try {
      LoadJobs jobs = new LoadJobs(controller.server());
      jobs.submit("before", 10);
      Path filler = fill();
      int accepted = 0;
      String refusal = "";
      while (refusal.isEmpty() && accepted < JOBS) {
        try {
          jobs.submit("during-" + (accepted + 1), 10);
          accepted++;
        } catch (CommandException e) {
          refusal = String.valueOf(e.getMessage());
        }
      }
      if (refusal.isEmpty()) {
        throw CommandException.environment("the disk is full, and nothing was refused");
      }
      Files.delete(filler);
      double seconds = awaitRoom(jobs);
      controller.kill();
      controller = ControllerProcess.start(home, data, port, log);
      LoadJobs again = new LoadJobs(controller.server());
      again.get("before");
      again.get("after");
      for (int job = 1; job <= accepted; job++) {
        again.get("during-" + job);
      }
      return "full disk: refused with \"%s\"; accepted again %.1f s after there was room; 0 of %d acknowledged jobs lost"
          .formatted(refusal.lines().findFirst().orElse(""), seconds, accepted + 2);
    } finally {
      controller.kill();
      Files.deleteIfExists(log);
    }
  }

  private double awaitRoom(LoadJobs jobs) throws InterruptedException {
    long begun = System.nanoTime();
    while (true) {
      try {
        jobs.submit("after", 10);
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
