package dev.ballast.cli.run;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of the commands that run jobs. */
final class RunOptions {
  @Option(
      names = "--browsers",
      split = ",",
      paramLabel = "KIND",
      description = "Only these kinds of browser; takes the place of matrix.browsers.")
  List<String> browsers = new ArrayList<>();

  @Option(
      names = "--repetitions",
      paramLabel = "N",
      description = "Takes the place of matrix.repetitions (1–100000).")
  @Nullable Integer repetitions;

  @Option(
      names = "--report",
      paramLabel = "html|junit|json=FILE",
      description = "Write a report; may be given several times.")
  List<String> reports = new ArrayList<>();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of whatever is random (default: ${DEFAULT-VALUE}).")
  long seed = 1;

  @Option(names = "--resume", description = "Go on with the unfinished job of the same name.")
  boolean resume;
}
