package dev.ballast.cli.run;

import dev.ballast.cli.report.ReportData;
import dev.ballast.model.Cell;
import dev.ballast.model.JobSpec;

/** A task that no browser can run now, and why. */
record Unplaced(JobSpec spec, int index, String code, String message) {

  ReportData.Unplaceable told() {
    Cell cell = spec.cell(index);
    return new ReportData.Unplaceable(
        spec.name(),
        index,
        cell.model().name(),
        cell.model().family(),
        cell.backend(),
        cell.browser(),
        code,
        message);
  }
}
