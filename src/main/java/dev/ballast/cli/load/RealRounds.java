package dev.ballast.cli.load;

import dev.ballast.cli.command.CommandException;
import dev.ballast.cli.serve.Browsers;
import dev.ballast.worker.browser.InstalledBrowser;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Real workers with real browsers, each a process of its own, of which one or its browser is killed
 * in every round. Every task must have succeeded in the end, once.
 */
final class RealRounds {
  private static final int TASKS = 40;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Path home;
  private final Path data;
  private final int port;
  private final PrintStream err;
  private final Random random;
  private final Map<String, Process> workers = new LinkedHashMap<>();
  private final List<ProcessHandle> orphans = new ArrayList<>();

  RealRounds(Path home, Path data, int port, long seed, PrintStream err) {
    this.home = home;
    this.data = data;
    this.port = port;
    this.random = new Random(seed);
    this.err = err;
  }

  /** What is killed. */
  enum Victim {
    WORKER,
    BROWSER
  }

  /** The last line of the command, or throws {@link CommandException}. */
  KillRounds.Counts run(int rounds, Victim victim) throws InterruptedException {
    Path log = data.resolve("controller.log");
    ControllerProcess controller = ControllerProcess.start(home, data, port, log);
    try {
      LoadJobs jobs = new LoadJobs(controller.server());
      for (InstalledBrowser browser : Browsers.find().found()) {
        start(browser.kind().name(), controller);
      }
      LoadJobs.Kept kept = LoadJobs.Kept.ALL;
      for (int round = 1; round <= rounds; round++) {
        String job = "round-" + round;
        jobs.submitReal(job, TASKS);
        await(jobs, job, 1 + random.nextInt(TASKS / 3));
        List<String> kinds = List.copyOf(workers.keySet());
        String kind = kinds.get(random.nextInt(kinds.size()));
        kill(kind, victim, controller);
        err.printf("round %d of %d: killed the %s of %s%n", round, rounds, victim, kind);
        await(jobs, job, TASKS);
        kept = kept.and(jobs.kept(job, TASKS));
      }
      return new KillRounds.Counts(rounds, rounds, rounds * TASKS, kept.lost(), kept.doubled(), 0);
    } finally {
      workers.values().forEach(worker -> fell(worker.toHandle()));
      orphans.forEach(ProcessHandle::destroyForcibly);
      controller.kill();
    }
  }

  private void start(String kind, ControllerProcess controller) {
    try {
      List<String> command = new ArrayList<>();
      command.add(home.resolve("bin/ballast").toString());
      command.addAll(List.of("worker", "--pool", kind, "--name", "real-" + kind));
      command.addAll(List.of("--server", controller.server().toString()));
      command.addAll(List.of("--data", data.resolve("worker-" + kind).toString()));
      workers.put(
          kind,
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(data.resolve(kind + ".log").toFile()))
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException("no worker could be started", e);
    }
  }

  private void kill(String kind, Victim victim, ControllerProcess controller) {
    Process worker = workers.get(kind);
    if (worker == null) {
      throw new IllegalStateException("no worker of " + kind);
    }
    switch (victim) {
      case WORKER -> {
        // Its browser dies with it, as with a pod; its reports are in its file.
        fell(worker.toHandle());
        worker.onExit().join();
        start(kind, controller);
      }
      case BROWSER -> browser(worker.toHandle()).destroyForcibly();
    }
  }

  private void fell(ProcessHandle root) {
    List<ProcessHandle> below;
    try (Stream<ProcessHandle> descendants = root.descendants()) {
      below = descendants.toList();
    }
    root.destroyForcibly();
    below.forEach(ProcessHandle::destroyForcibly);
    orphans.addAll(below);
  }

  /** The first process of the browser below the worker: not its driver, none of its children. */
  private static ProcessHandle browser(ProcessHandle worker) {
    try (Stream<ProcessHandle> descendants = worker.descendants()) {
      return descendants
          .filter(process -> isBrowser(process.info()))
          .findFirst()
          .orElseThrow(() -> CommandException.environment("the worker has no browser to kill"));
    }
  }

  private static boolean isBrowser(ProcessHandle.Info info) {
    String program = info.command().orElse("");
    List<String> arguments = List.of(info.arguments().orElse(new String[0]));
    return program.matches(".*/(chrom[a-z-]*|google-chrome[a-z-]*|msedge|firefox[a-z-]*)")
        && !program.endsWith("driver")
        && arguments.stream()
            .noneMatch(
                argument -> argument.startsWith("--type=") || argument.equals("-contentproc"));
  }

  private void await(LoadJobs jobs, String job, int ended) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (jobs.succeeded(job) < ended && !jobs.isOver(job)) {
      if (System.nanoTime() > deadline) {
        throw CommandException.environment(
            "%d tasks of %s had not succeeded within %s: %s"
                .formatted(ended, job, PATIENCE, jobs.get(job)));
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }
}
