package dev.ballast.worker;

import dev.ballast.model.Assignment;
import dev.ballast.model.AttemptReport;
import java.util.List;

/** Runs attempts one after the other in one window of the worker's browser. */
final class Slot {
  private final Bench bench;
  private final AttemptRunner runner;

  Slot(BrowserHost host, AttemptRunner runner) {
    this.bench = new Bench(host, runner.tools().pages(), runner.settings().modelMemoryBytes());
    this.runner = runner;
  }

  AttemptReport run(Assignment assignment, CallOff callOff) throws InterruptedException {
    return runner.run(assignment, bench, callOff);
  }

  List<String> residentModels() {
    return bench.residents().names();
  }
}
