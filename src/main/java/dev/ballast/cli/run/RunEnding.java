package dev.ballast.cli.run;

import dev.ballast.cli.command.CommandException;
import dev.ballast.cli.command.CommonOptions;
import dev.ballast.cli.command.Exit;
import dev.ballast.cli.command.Terminal;
import dev.ballast.cli.report.JsonReport;
import dev.ballast.cli.report.ReportData;
import dev.ballast.cli.report.ResultsTable;
import dev.ballast.cli.report.Style;
import dev.ballast.model.Outcome;
import dev.ballast.model.Verdict;
import dev.ballast.store.ResultsJson;

/**
 * The end of a run, here or on a server: results to stdout, reports to their files, and the exit
 * code.
 *
 * @param unplaceableExit the exit code when some tasks could not be placed and all others succeeded
 */
record RunEnding(CommonOptions common, ReportFiles reports, int unplaceableExit) {

  /** Prints and writes; throws {@link CommandException} when a report cannot be written. */
  void tell(ReportData data) {
    switch (common.output()) {
      case JSON -> System.out.print(JsonReport.render(data.attempts(), ResultsJson::write));
      case TABLE, CSV ->
          System.out.println(
              ResultsTable.render(data, Style.of(Terminal.present(), System.getenv())));
    }
    System.out.flush();
    reports.write(data);
  }

  int exitCode(ReportData data) {
    boolean failed =
        data.jobs().stream().anyMatch(job -> job.failed() > 0 || job.condition().equals("Failed"))
            || data.results().stream()
                .anyMatch(result ->
                    result.outcome() != Outcome.SUCCEEDED
                        || result.verdict().level() == Verdict.Level.REJECTED);
    if (failed) {
      return Exit.FAILED;
    }
    return data.unplaceable().isEmpty() ? Exit.OK : unplaceableExit;
  }
}
