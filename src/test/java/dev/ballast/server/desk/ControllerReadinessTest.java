package dev.ballast.server.desk;

import static dev.ballast.TestingPatience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ballast.balancer.Outlook;
import dev.ballast.balancer.Priors;
import dev.ballast.balancer.Profiles;
import dev.ballast.dispatch.DispatchLoop;
import dev.ballast.dispatch.DispatchSettings;
import dev.ballast.dispatch.Examples;
import dev.ballast.dispatch.TestingJournal;
import dev.ballast.server.events.EventFeed;
import dev.ballast.server.jobs.JournalJobs;
import dev.ballast.server.outlook.Retrospect;
import dev.ballast.store.DataDirectory;
import dev.ballast.store.Store;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ready is who leads and can write; who is not says why. */
class ControllerReadinessTest {
  @TempDir Path path;
  private final Desk desk = new Desk();
  private final ControllerReadiness readiness = new ControllerReadiness(desk);

  @Test
  void whoDoesNotLeadIsNotReady() {
    assertThat(readiness.call().getStatus()).isEqualTo(Status.DOWN);
    assertThat(reason()).contains("no controller leads here");
  }

  @Test
  void aFullDiskIsNotReadyUntilItTakesWritesAgain() {
    TestingJournal journal = new TestingJournal();
    Profiles profiles = new Profiles(Priors.DEFAULTS);
    DispatchLoop.Ports ports =
        new DispatchLoop.Ports(InstantSource.system(), new Random(1), () -> "uid");
    try (DataDirectory directory = DataDirectory.open(path);
        Store store = Store.open(directory);
        DispatchLoop loop = new DispatchLoop(journal, profiles, DispatchSettings.DEFAULTS, ports)) {
      desk.open(
          new Desk.Open(
              loop,
              profiles,
              store.history(),
              new EventFeed("1"),
              new EvidenceFolder(directory.evidence()),
              (_, _) -> {
                throw new IllegalStateException("nobody submits over HTTP here");
              },
              new JournalJobs(loop),
              new Outlook(),
              new Retrospect(),
              path));
      assertThat(readiness.call().getStatus()).isEqualTo(Status.UP);

      journal.failNext(Integer.MAX_VALUE);
      assertThatThrownBy(() -> loop.submit(Examples.job("a").spec()).join())
          .isInstanceOf(CompletionException.class);

      assertThat(readiness.call().getStatus()).isEqualTo(Status.DOWN);
      assertThat(reason()).contains("no space left on device");

      // Nobody asks for anything: it finds out by itself.
      journal.failNext(0);
      await().until(() -> readiness.call().getStatus() == Status.UP);
    }
  }

  private String reason() {
    HealthCheckResponse answer = readiness.call();
    Map<String, Object> data = answer.getData().orElseThrow();
    return String.valueOf(data.get("reason"));
  }
}
