package dev.ballast.balancer;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * One positive quantity, learned on the log scale from the general to the particular:
 *
 * <pre>
 * expected(model, browser) = base(model) + offset(family, browser)       {@link ProfileFit}
 * any version(model, browser)      ← expected
 * version(model, browser, version) ← any version
 * </pre>
 *
 * where {@code x ← y} is the mean of what was observed of x, and y beside it by how certain it is.
 * A browser that never ran a model is thus judged by what the model took elsewhere and by how the
 * browser compares on the model's family. A shift is noticed ({@link ShiftWatch}); what the model
 * took elsewhere is then doubtful, too. Where several models of a family shift together it is the
 * browser that changed: its offset moves, and what the models are expected to take elsewhere stays.
 */
final class LogProfile {
  /** All is explained anew after so much more was learned. */
  private static final double REFIT = 1.02;

  /** What other browsers took for a model that shifted weighs as at most so many observations. */
  private static final double MODEL_DOUBT = 1;

  /** And what other models took on a browser where one shifted. */
  private static final double BROWSER_DOUBT = 2;

  /** What is then expected of these models may be off by a factor of 1.7, as a variance. */
  private static final double SHIFT_VARIANCE = 0.3;

  /** What is left of that after each further observation of the model. */
  private static final double SHIFT_DECAY = 0.95;

  private final ProfileGrid grid;
  private final ProfileFit fit;
  private final Map<ProfileKey, LogMean> versions = new HashMap<>();
  private final double fallbackLog;
  private long learned;
  private long fitted;

  LogProfile(double typical, double priorWeight, ToDoubleFunction<ProfileKey> priorOffset) {
    fallbackLog = StrictMath.log(typical);
    grid = new ProfileGrid(priorOffset);
    fit = new ProfileFit(grid, priorWeight);
  }

  void learn(ProfileKey key, double value) {
    double log = StrictMath.log(value);
    ProfileGrid.Cell cell = grid.cell(key, fit.offsetVariance());
    double scatter = Math.sqrt(cell.row.variance());
    cell.row.observations++;
    OptionalDouble release = cell.column.releases.add(cell, log, scatter);
    if (release.isPresent()) {
      cell.column.shift(release.getAsDouble());
      doubtAround(key, cell.column);
    }
    boolean shifted = cell.mean.add(log, scatter);
    cell.row.measure();
    cell.row.shiftVariance *= SHIFT_DECAY;
    shifted |= versions.computeIfAbsent(key, _ -> new LogMean()).add(log, scatter);
    if (shifted) {
      cell.column.releases.clear();
      doubtBeside(key, cell);
    }
    learned++;
    if (shifted || release.isPresent() || learned >= fitted * REFIT) {
      fitted = learned;
      fit.update();
    }
  }

  /** A release changed what the browser takes for the family; others may have changed with it. */
  private void doubtAround(ProfileKey key, ProfileGrid.Column column) {
    for (ProfileGrid.Cell cell : column.cells) {
      cell.row.shiftVariance = SHIFT_VARIANCE;
      for (ProfileGrid.Cell other : cell.row.cells) {
        other.mean.doubt(other == cell ? BROWSER_DOUBT : MODEL_DOUBT);
      }
    }
    versions.forEach((other, mean) -> {
      if (other.family() == key.family()) {
        mean.doubt(MODEL_DOUBT);
      }
    });
  }

  private void doubtBeside(ProfileKey key, ProfileGrid.Cell shifted) {
    shifted.row.shiftVariance = SHIFT_VARIANCE;
    for (ProfileGrid.Cell other : shifted.row.cells) {
      if (other != shifted) {
        other.mean.doubt(MODEL_DOUBT);
      }
    }
    for (ProfileGrid.Cell other : shifted.column.cells) {
      other.row.shiftVariance = SHIFT_VARIANCE;
      if (other != shifted) {
        other.mean.doubt(BROWSER_DOUBT);
      }
    }
    versions.forEach((other, mean) -> {
      if (other.model().equals(key.model()) && !other.equals(key)) {
        mean.doubt(MODEL_DOUBT);
      }
    });
  }

  Estimate estimate(ProfileKey key) {
    ProfileGrid.Row row = grid.row(key.model());
    ProfileGrid.Column column = grid.column(key);
    double log = base(key, row) + (column == null ? grid.priorOffset(key) : column.offset);
    double variance =
        fit.deviationVariance()
            + (column == null ? fit.offsetVariance() : column.variance)
            + (row == null ? 0 : row.shiftVariance);
    ProfileGrid.Cell cell = row == null || column == null ? null : row.cell(column);
    if (cell == null) {
      return new Estimate(StrictMath.exp(log), Math.sqrt(variance), 0);
    }
    double noise = cell.noise();
    log += variance / (variance + noise) * (cell.mean.mean() - log);
    variance = variance * noise / (variance + noise);
    LogMean version = versions.get(key);
    if (version == null) {
      // Another version was measured: it says as much as another model of the family would.
      return new Estimate(StrictMath.exp(log), Math.sqrt(variance + fit.deviationVariance()), 0);
    }
    if (version.count() < cell.mean.count()) {
      variance += fit.deviationVariance();
      double own = cell.row.variance() / version.weight();
      log += variance / (variance + own) * (version.mean() - log);
      variance = variance * own / (variance + own);
    }
    return new Estimate(StrictMath.exp(log), Math.sqrt(variance), version.weight());
  }

  /** What would be expected by the priors alone, given what the model costs in general. */
  double believed(ProfileKey key) {
    return StrictMath.exp(base(key, grid.row(key.model())) + grid.priorOffset(key));
  }

  /** Observations of the model in any browser, ever. */
  long observations(String model) {
    ProfileGrid.Row row = grid.row(model);
    return row == null ? 0 : row.observations;
  }

  private double base(ProfileKey key, ProfileGrid.@Nullable Row row) {
    return row == null ? fit.familyBase(key.family(), fallbackLog) : row.base;
  }
}
