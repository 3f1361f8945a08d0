package dev.ballast.cli.load;

import dev.ballast.cli.command.CommandException;
import dev.ballast.cli.command.Exit;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** TestJobs through a real API server: what the operator makes of them, beside a bare client. */
@Command(
    name = "cluster-load",
    description =
        "TestJobs through a real API server, beside a client that only writes what they cost:"
            + " bin/cluster-load starts all it needs. Plays the kubelet of the namespace.")
public final class ClusterLoadCommand implements Callable<Integer> {
  @Option(
      names = "--server",
      paramLabel = "URL",
      required = true,
      description = "API of the controller that watches the namespace.")
  URI server = URI.create("http://127.0.0.1:7878");

  @Option(names = "--namespace", paramLabel = "NAME", description = "Default: ${DEFAULT-VALUE}.")
  String namespace = "load";

  @Option(
      names = "--pid",
      paramLabel = "N",
      description = "The controller's process, to read its memory (Linux).")
  @Nullable Long pid;

  @Option(names = "--rounds", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  int rounds = 4;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Jobs of each round (default: ${DEFAULT-VALUE}).")
  int jobs = 400;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Simulated workers of the rounds (default: ${DEFAULT-VALUE}).")
  int workers = 20;

  @Option(
      names = "--fill",
      paramLabel = "JOBS,POOLS,WORKERS",
      split = ",",
      arity = "1",
      description =
          "Instead: run so many jobs, beside so many empty pools and with so many workers, and stay"
              + " until this is ended, so that they do.")
  int @Nullable [] fill;

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (ClusterLoad load = new ClusterLoad(server, namespace)) {
      int[] counts = fill;
      if (counts != null && counts.length != 3) {
        throw CommandException.usage(
            "--fill takes JOBS,POOLS,WORKERS, for example 10000,1000,1000");
      }
      if (counts != null) {
        load.pool("filled", counts[2]);
        double seconds = load.emptyPools(counts[1]);
        System.out.printf(Locale.ROOT, "%d empty pools: %.0f s%n", counts[1], seconds);
        ClusterLoad.Round round = load.throughBallast("fill", counts[0]);
        System.out.printf(
            Locale.ROOT,
            "%d jobs of %d tasks with %d workers: %.0f jobs/s%n",
            counts[0],
            ClusterLoad.TASKS,
            counts[2],
            round.perSecond());
      } else {
        measure(load);
      }
      Long process = pid;
      if (process != null) {
        System.out.printf(Locale.ROOT, "controller: %s%n", ClusterLoad.memory(process));
      }
    }
    return Exit.OK;
  }

  private void measure(ClusterLoad load) throws InterruptedException {
    load.pool("pool", workers);
    load.throughBallast("warm", jobs);
    double[] millis = load.startMillis(300);
    System.out.printf(
        Locale.ROOT,
        "create → first task bound, one job at a time: p50 %.0f ms, p99 %.0f ms (%d jobs)%n",
        millis[millis.length / 2],
        millis[(int) (millis.length * 0.99)],
        millis.length);
    double logs = 0;
    for (int round = 1; round <= rounds; round++) {
      ClusterLoad.Round bare = load.bare("bare-" + round, jobs);
      ClusterLoad.Round ours = load.throughBallast("round-" + round, jobs);
      double ratio = ours.perSecond() / bare.perSecond();
      logs += Math.log(ratio);
      System.out.printf(
          Locale.ROOT,
          "round %d: %.0f jobs/s created → completed, bare client %.0f jobs/s: %.2f ×; %.2f writes a job; create → bound p99 %.0f ms%n",
          round,
          ours.perSecond(),
          bare.perSecond(),
          ratio,
          ours.writesPerJob(),
          ours.boundP99Millis());
    }
    System.out.printf(
        Locale.ROOT,
        "%d rounds of %d jobs of %d tasks: %.2f × the bare client (geometric mean)%n",
        rounds,
        jobs,
        ClusterLoad.TASKS,
        Math.exp(logs / rounds));
  }
}
