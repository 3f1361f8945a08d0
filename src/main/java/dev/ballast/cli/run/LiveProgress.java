package dev.ballast.cli.run;

import dev.ballast.cli.command.Terminal;
import dev.ballast.cli.report.ProgressDisplay;
import dev.ballast.cli.report.ProgressFrame;
import dev.ballast.dispatch.JobView;
import dev.ballast.dispatch.TaskState;
import dev.ballast.dispatch.WorkerView;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserMetrics;
import dev.ballast.model.Cell;
import dev.ballast.model.SyncRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shows on stderr how a run goes on. */
final class LiveProgress implements ProgressListener, AutoCloseable {
  private final long startedNanos = System.nanoTime();
  private final Map<String, Integer> doneByWorker = new HashMap<>();
  private final Optional<ProgressDisplay> display;
  private volatile List<JobView> jobs = List.of();
  private volatile List<WorkerView> workers = List.of();
  private int resumed = -1;

  LiveProgress(boolean shown) {
    this.display = Terminal.progress(shown, this::frame);
  }

  @Override
  public void ended(AttemptResult result, boolean again) {
    synchronized (doneByWorker) {
      doneByWorker.merge(result.worker(), 1, Integer::sum);
    }
    if (result.code() != null) {
      String line =
          "%s #%d: %s (%s) %s%s"
              .formatted(
                  result.model().name(),
                  result.index(),
                  result.outcome(),
                  result.code(),
                  result.message(),
                  again ? ", tried again" : "");
      display.ifPresent(shown -> shown.println(line));
    }
  }

  @Override
  public void waits(String reason) {
    String line = "waiting: %s. Results are kept meanwhile; make room to go on".formatted(reason);
    display.ifPresentOrElse(shown -> shown.println(line), () -> System.err.println(line));
  }

  @Override
  public void look(List<JobView> nowJobs, List<WorkerView> nowWorkers) {
    jobs = nowJobs;
    workers = nowWorkers;
    if (resumed < 0) {
      resumed =
          nowJobs.stream().mapToInt(job -> job.counts().succeeded() + job.counts().failed()).sum();
    }
  }

  private ProgressFrame frame() {
    int done = 0;
    int total = 0;
    int failed = 0;
    int unplaceable = 0;
    Map<String, String> doing = new HashMap<>();
    Map<String, ProgressFrame.Start> starts = new HashMap<>();
    for (JobView job : jobs) {
      done += job.counts().succeeded() + job.counts().failed();
      failed += job.counts().failed();
      unplaceable += job.counts().unplaceable();
      total += job.spec().taskCount() - job.counts().unplaceable() - job.counts().dropped();
      for (JobView.TaskView task : job.tasks()) {
        if (task.state() instanceof TaskState.Running running) {
          Cell cell = job.spec().cell(task.index());
          doing.put(running.worker().name(), cell.model().name() + " " + running.backend());
          starts.put(
              running.worker().name(),
              startOf(running.worker().name(), cell.model().name(), running.backend()));
        }
      }
    }
    List<ProgressFrame.BrowserLine> lines = new ArrayList<>();
    for (WorkerView worker : workers) {
      String name =
          worker
              .request()
              .map(SyncRequest::browser)
              .map(browser -> browser.kind() + " " + majorOf(browser.version()))
              .orElse(worker.id().name());
      int doneHere;
      synchronized (doneByWorker) {
        doneHere = doneByWorker.getOrDefault(worker.id().name(), 0);
      }
      lines.add(
          new ProgressFrame.BrowserLine(
              name,
              Optional.ofNullable(doing.get(worker.id().name())),
              starts.getOrDefault(worker.id().name(), ProgressFrame.Start.UNKNOWN),
              doneHere));
    }
    return new ProgressFrame(
        Duration.ofNanos(System.nanoTime() - startedNanos),
        done,
        total,
        Math.max(0, resumed),
        failed,
        unplaceable,
        lines);
  }

  private ProgressFrame.Start startOf(String worker, String model, Backend backend) {
    return workers.stream()
        .filter(view -> view.id().name().equals(worker))
        .flatMap(view -> view.request().stream())
        .map(request ->
            request.metrics().residentModels().contains(BrowserMetrics.resident(model, backend)))
        .map(resident -> resident ? ProgressFrame.Start.WARM : ProgressFrame.Start.COLD)
        .findFirst()
        .orElse(ProgressFrame.Start.UNKNOWN);
  }

  private static String majorOf(String version) {
    int dot = version.indexOf('.');
    return dot < 0 ? version : version.substring(0, dot);
  }

  @Override
  public void close() {
    display.ifPresent(ProgressDisplay::close);
  }
}
