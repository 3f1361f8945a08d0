package dev.ballast.cli.run;

import dev.ballast.cli.command.Terminal;
import dev.ballast.cli.report.ProgressDisplay;
import dev.ballast.cli.report.ProgressFrame;
import dev.ballast.dispatch.WorkerView;
import dev.ballast.model.AttemptId;
import dev.ballast.model.SyncRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Shows on stderr how jobs of a server go on. */
final class ServerProgress implements AutoCloseable {
  private final long startedNanos = System.nanoTime();
  private final ServerJobs server;
  private final Optional<ProgressDisplay> display;
  private volatile ProgressFrame frame;
  private int resumed = -1;

  ServerProgress(ServerJobs server, boolean shown) {
    this.server = server;
    this.frame = new ProgressFrame(Duration.ZERO, 0, 0, 0, 0, 0, List.of());
    this.display = Terminal.progress(shown, () -> frame);
  }

  void look(List<JobOutcome> jobs) {
    if (display.isEmpty()) {
      return;
    }
    int done = jobs.stream().mapToInt(JobOutcome::done).sum();
    resumed = resumed < 0 ? done : resumed;
    frame =
        new ProgressFrame(
            Duration.ofNanos(System.nanoTime() - startedNanos),
            done,
            jobs.stream()
                .mapToInt(job ->
                    job.spec().taskCount() - job.counts().unplaceable() - job.counts().dropped())
                .sum(),
            resumed,
            jobs.stream().mapToInt(job -> job.counts().failed()).sum(),
            jobs.stream().mapToInt(job -> job.counts().unplaceable()).sum(),
            server
                .workers(
                    jobs.stream().map(job -> job.spec().namespace()).collect(Collectors.toSet()))
                .stream()
                .filter(worker -> worker.state() != WorkerView.State.LOST)
                .map(worker -> line(worker, byUid(jobs)))
                .toList());
  }

  /** A line of its own above the progress. */
  void println(String line) {
    display.ifPresent(shown -> shown.println(line));
  }

  private static Map<String, JobOutcome> byUid(List<JobOutcome> jobs) {
    Map<String, JobOutcome> byUid = new HashMap<>();
    jobs.forEach(job -> byUid.put(job.uid(), job));
    return byUid;
  }

  private static ProgressFrame.BrowserLine line(WorkerView worker, Map<String, JobOutcome> jobs) {
    Optional<String> doing =
        worker.running().stream()
            .map(AttemptId::task)
            .flatMap(task ->
                Optional.ofNullable(jobs.get(task.job())).stream()
                    .map(job -> job.spec().cell(task.index()).model().name()))
            .findFirst();
    String name =
        worker
            .request()
            .map(SyncRequest::browser)
            .map(browser -> browser.kind() + " " + browser.version().split("\\.", -1)[0])
            .orElse(worker.id().name());
    long done = worker.request().map(request -> request.metrics().tasksDone()).orElse(0L);
    return new ProgressFrame.BrowserLine(name, doing, ProgressFrame.Start.UNKNOWN, (int) done);
  }

  @Override
  public void close() {
    display.ifPresent(ProgressDisplay::close);
  }
}
