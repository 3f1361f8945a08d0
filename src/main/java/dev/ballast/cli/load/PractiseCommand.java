package dev.ballast.cli.load;

import dev.ballast.cli.command.CommandException;
import dev.ballast.cli.command.CommonOptions;
import dev.ballast.cli.command.Exit;
import dev.ballast.cli.command.ServedCommand;
import dev.ballast.cli.serve.ControllerService;
import dev.ballast.cli.serve.LocalServer;
import dev.ballast.cli.serve.LocalSession;
import dev.ballast.dispatch.DispatchSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * The service under a little load, for the JVM to see which classes it needs: a build keeps them,
 * and starts made with that are quick.
 */
@Command(
    name = "practise",
    hidden = true,
    description = "The service under a little load, for a build to learn from.")
public final class PractiseCommand implements ServedCommand {
  private static final int TASKS = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Mixin CommonOptions common = new CommonOptions();

  private @Nullable LocalSession session;

  @Override
  public void prepare() {
    session =
        LocalSession.prepare(
            ControllerService.open(common.dataDirectory(), DispatchSettings.DEFAULTS, 1),
            List.of(),
            LocalServer.onAnyPort(),
            LocalSession.Access.OPEN);
  }

  @Override
  public int serve() {
    LocalSession prepared = session;
    if (prepared == null) {
      throw new IllegalStateException("not prepared");
    }
    try (prepared) {
      prepared.open();
      load(prepared);
      return Exit.OK;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Exit.INTERRUPTED;
    }
  }

  private static void load(LocalSession session) throws InterruptedException {
    LoadJobs jobs = new LoadJobs(session.server().address());
    jobs.submit("practice", TASKS);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try (LoadFleet fleet = new LoadFleet(session.server().address(), 8, 4).start()) {
      while (fleet.counts().acknowledged().sum() < TASKS && System.nanoTime() < deadline) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
    if (!jobs.isOver("practice") || jobs.results("practice").isEmpty()) {
      throw CommandException.environment("the job for practice did not end");
    }
  }
}
