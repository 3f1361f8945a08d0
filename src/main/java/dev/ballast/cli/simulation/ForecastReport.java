package dev.ballast.cli.simulation;

import dev.ballast.cli.command.CommandException;
import dev.ballast.simulate.forecast.Evaluation;
import dev.ballast.simulate.forecast.Evaluation.Finding;
import dev.ballast.simulate.forecast.Series;
import java.nio.file.Path;
import java.util.List;

/** {@code simulate --forecast}: how good forecasts are on synthetic series or a user's own. */
final class ForecastReport {
  static final String SYNTHETIC = "synthetic";

  private ForecastReport() {}

  static List<Finding> findings(String source, long seed, int synthetic, double tickSeconds) {
    return series(source, seed, synthetic, tickSeconds).stream().map(Evaluation::of).toList();
  }

  static String text(String source, long seed, List<Finding> findings) {
    String title =
        source.equals(SYNTHETIC)
            ? "synthetic series, seed %d: the first half trains; 1, 3, 6 and 12 ticks ahead"
                .formatted(seed)
            : source + ": the first half trains; 1, 3, 6 and 12 ticks ahead";
    return ForecastTable.of(title, findings);
  }

  private static List<Series> series(String source, long seed, int synthetic, double tickSeconds) {
    if (source.equals(SYNTHETIC)) {
      return Series.synthetic(seed, synthetic);
    }
    SeriesFile.Reading reading = SeriesFile.read(Path.of(source), tickSeconds);
    if (!reading.problems().isEmpty()) {
      throw CommandException.usage(reading.problems());
    }
    return reading.series();
  }
}
