package dev.ballast.cli;

import dev.ballast.cli.command.Version;
import dev.ballast.cli.compare.CompareCommand;
import dev.ballast.cli.history.ExplainCommand;
import dev.ballast.cli.history.ExportCommand;
import dev.ballast.cli.history.HistoryCommand;
import dev.ballast.cli.load.BenchmarkCommand;
import dev.ballast.cli.load.ClusterLoadCommand;
import dev.ballast.cli.load.LoadCommand;
import dev.ballast.cli.load.PractiseCommand;
import dev.ballast.cli.run.QuickstartCommand;
import dev.ballast.cli.run.RunCommand;
import dev.ballast.cli.serve.ControllerCommand;
import dev.ballast.cli.serve.JoinTokenCommand;
import dev.ballast.cli.serve.LocalCommand;
import dev.ballast.cli.serve.WorkerCommand;
import dev.ballast.cli.simulation.SimulateCommand;
import picocli.CommandLine.Command;

/** The root of the command line. */
@Command(
    name = "ballast",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Runs machine-learning tests in real browsers, each where it runs best.",
    footer = {
      "",
      "Exit codes:",
      "    0  everything succeeded",
      "    1  some task failed or was rejected",
      "    2  invalid input or usage",
      "    3  the environment lacks something; the message says what mends it",
      "  130  interrupted; what was done is kept, go on with --resume",
      "",
      "First steps: bin/ballast quickstart"
    },
    subcommands = {
      QuickstartCommand.class,
      RunCommand.class,
      LocalCommand.class,
      WorkerCommand.class,
      JoinTokenCommand.class,
      BenchmarkCommand.class,
      ControllerCommand.class,
      HistoryCommand.class,
      ExplainCommand.class,
      ExportCommand.class,
      CompareCommand.class,
      SimulateCommand.class,
      LoadCommand.class,
      ClusterLoadCommand.class,
      PractiseCommand.class
    })
final class BallastCommand {}
