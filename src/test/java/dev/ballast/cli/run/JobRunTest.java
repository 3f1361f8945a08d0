package dev.ballast.cli.run;

import static dev.ballast.TestingPatience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ballast.TestingPatience;
import dev.ballast.balancer.Priors;
import dev.ballast.balancer.Profiles;
import dev.ballast.cli.command.CommandException;
import dev.ballast.cli.command.Interrupt;
import dev.ballast.dispatch.DispatchException;
import dev.ballast.dispatch.DispatchLoop;
import dev.ballast.dispatch.Examples;
import dev.ballast.dispatch.JobView;
import dev.ballast.dispatch.TestingJournal;
import dev.ballast.dispatch.TestingWorker;
import dev.ballast.dispatch.WorkerView;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A run whose disk is full for a while, or for good. */
class JobRunTest {
  private final TestingJournal journal = new TestingJournal();
  private final DispatchLoop dispatch =
      new DispatchLoop(
          journal,
          new Profiles(Priors.DEFAULTS),
          TestingPatience.SILENCE_ALLOWED,
          new DispatchLoop.Ports(
              InstantSource.system(), new Random(1), () -> UUID.randomUUID().toString()));
  private final TestingWorker worker =
      new TestingWorker(
          "w1", "pool", Map.of(), BrowserKind.CHROMIUM, 1, List.of(Backend.WASM), true);
  private final Listener listener = new Listener();

  private static final class Listener implements ProgressListener {
    final List<String> waited = new CopyOnWriteArrayList<>();

    @Override
    public void ended(AttemptResult result, boolean again) {}

    @Override
    public void waits(String reason) {
      waited.add(reason);
    }

    @Override
    public void look(List<JobView> jobs, List<WorkerView> workers) {}
  }

  @AfterEach
  void close() {
    dispatch.close();
  }

  private void exchange() {
    worker.take(dispatch.sync(worker.request(0)).join());
  }

  /** A run of one task, which runs. */
  private JobRun running(Duration patience) {
    exchange();
    JobRun run = new JobRun(dispatch, List.of(), patience);
    run.submit(Examples.job("job").repetitions(1).spec(), false);
    exchange();
    worker.startAll();
    exchange();
    return run;
  }

  /** The task ends while the disk is full. */
  private void finishOnAFullDisk() {
    journal.failNext(Integer.MAX_VALUE);
    worker.finish(worker.running().getFirst().attempt(), Outcome.SUCCEEDED, Instant.now(), 10);
    assertThatThrownBy(this::exchange).hasRootCauseInstanceOf(java.io.IOException.class);
  }

  private CompletableFuture<Void> awaited(JobRun run) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            run.await(listener, Interrupt.never());
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        },
        Thread::startVirtualThread);
  }

  @Test
  void itWaitsUntilThereIsRoomAndLosesNothing() throws Exception {
    JobRun run = running(Duration.ofMinutes(5));
    CompletableFuture<Void> end = awaited(run);
    finishOnAFullDisk();
    await().until(() -> !listener.waited.isEmpty());
    assertThat(end).isNotDone();

    journal.failNext(0);
    await()
        .ignoreExceptionsInstanceOf(java.util.concurrent.CompletionException.class)
        .until(() -> {
          exchange();
          return end.isDone();
        });

    assertThat(end).isCompleted();
    assertThat(listener.waited).singleElement().asString().contains("no space left on device");
    assertThat(run.jobs().getFirst().counts().succeeded()).isEqualTo(1);
  }

  @Test
  void itGivesUpAfterAWhileAndSaysHowToGoOn() {
    CompletableFuture<Void> end = awaited(running(Duration.ofMillis(100)));

    finishOnAFullDisk();

    assertThatThrownBy(end::get)
        .hasCauseInstanceOf(CommandException.class)
        .hasMessageContaining("no space left on device")
        .hasMessageContaining("go on with --resume");
    assertThatThrownBy(dispatch::workers)
        .isInstanceOfSatisfying(
            DispatchException.class,
            refused -> assertThat(refused.code()).isEqualTo(DispatchException.Code.NOT_READY));
  }
}
