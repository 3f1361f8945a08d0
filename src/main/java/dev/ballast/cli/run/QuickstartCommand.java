package dev.ballast.cli.run;

import dev.ballast.cli.command.CommonOptions;
import dev.ballast.cli.command.Exit;
import dev.ballast.cli.command.JobFiles;
import dev.ballast.cli.command.ServedCommand;
import dev.ballast.cli.serve.Browsers;
import dev.ballast.cli.serve.WorkerPlan;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.JobSpec;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The first command anybody runs: real models in every browser of this machine. */
@Command(
    name = "quickstart",
    description =
        "Installs what is missing, then measures sample models in every browser of this machine"
            + " (k8s/samples/quickstart.yaml).")
public final class QuickstartCommand implements ServedCommand {
  @Mixin CommonOptions common = new CommonOptions();
  @Mixin RunOptions options = new RunOptions();

  private @Nullable RunSession session;

  @Override
  public void prepare() {
    Browsers browsers = Browsers.find().only("--browsers", options.browsers);
    if (options.browsers.isEmpty()) {
      options.browsers = browsers.kinds().stream().map(BrowserKind::name).toList();
    }
    Path sample = sample("quickstart.yaml");
    List<JobSpec> jobs =
        RunCommand.overridden(JobFiles.read(List.of(sample.toString())).specs(), options);
    if (options.reports.isEmpty()) {
      options.reports = List.of("html=" + common.dataDirectory().resolve("quickstart.html"));
    }
    session = RunSession.prepare(jobs, WorkerPlan.ofBrowsers(browsers, 1), common, options);
  }

  /** A job file that comes with Ballast. */
  public static Path sample(String name) {
    String home = System.getenv("BALLAST_HOME");
    return Path.of(home == null ? "" : home, "k8s", "samples", name);
  }

  @Override
  public int serve() {
    RunSession prepared = session;
    if (prepared == null) {
      throw new IllegalStateException("not prepared");
    }
    return prepared.run(Exit.OK);
  }
}
