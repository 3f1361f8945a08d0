package dev.ballast.cli.simulation;

import dev.ballast.balancer.schedule.Policy;
import dev.ballast.simulate.Experiment;
import java.io.PrintStream;

/** One line on a terminal that says how far a simulation is. */
final class SimulationProgress implements Experiment.Progress {
  private final PrintStream err;
  private final boolean shown;
  private final Experiment experiment;

  SimulationProgress(PrintStream err, boolean shown, Experiment experiment) {
    this.err = err;
    this.shown = shown;
    this.experiment = experiment;
  }

  @Override
  public void begins(int replication, Policy policy) {
    if (shown) {
      err.print(
          "\r\u001b[Kreplication %d/%d: %s"
              .formatted(replication + 1, experiment.replications(), policy.name()));
      err.flush();
    }
  }

  void done() {
    if (shown) {
      err.print("\r\u001b[K");
      err.flush();
    }
  }
}
