package dev.ballast.cli;

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
      ClusterLoadCommand.class
    })
final class BallastCommand {}
