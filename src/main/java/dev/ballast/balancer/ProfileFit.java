package dev.ballast.balancer;

import dev.ballast.model.ModelFamily;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * Explains a {@link ProfileGrid}: which part of a time is the model's, which the browser's, and how
 * far that holds.
 *
 * <pre>
 * mean(model, browser) = base(model) + offset(family, browser) + deviation(model, browser) + noise
 *   offset    ~ N(prior, τ_o²)      deviation ~ N(0, τ_d²)      noise ~ N(0, scatter² / n)
 * </pre>
 *
 * Both τ are learned from how far offsets lie from their priors and cells from their offsets
 * (empirical Bayes; Morris 1983, "Parametric empirical Bayes inference"). Where priors hold, what
 * was not measured is nearly certain, and need not be tried; where they fail, all is doubtful.
 */
final class ProfileFit {
  /** A prior may be wrong by a factor of 1.8, until those that were measured turn out to hold. */
  private static final double OFFSET_DOUBT = 4;

  private static final double DEVIATION_DOUBT = 0.5;

  /** What is assumed of both τ weighs as so many cells. */
  private static final double ASSUMPTION_WEIGHT = 1;

  private static final double SCATTER_WEIGHT = 3;
  private static final double LEAST_VARIANCE = 0.03 * 0.03;
  private static final double MOST_VARIANCE = 1;
  private static final int SWEEPS = 2;

  private final ProfileGrid grid;
  private final double firstOffsetVariance;
  private final double firstDeviationVariance;
  private final Map<ModelFamily, Double> familyBase = new EnumMap<>(ModelFamily.class);
  private double offsetVariance;
  private double deviationVariance;

  /** Of cells: the sum of their weights, and of what each says of the base by its weight. */
  private static final class Sums {
    double weights;
    double bases;
  }

  private final Map<ProfileGrid.Row, Sums> sums = new HashMap<>();

  ProfileFit(ProfileGrid grid, double priorWeight) {
    this.grid = grid;
    double variance = ProfileGrid.ASSUMED_VARIANCE / priorWeight;
    firstOffsetVariance = OFFSET_DOUBT * variance;
    firstDeviationVariance = DEVIATION_DOUBT * variance;
    offsetVariance = firstOffsetVariance;
    deviationVariance = firstDeviationVariance;
  }

  /** τ_o², of offsets that were not measured. */
  double offsetVariance() {
    return offsetVariance;
  }

  /** τ_d². */
  double deviationVariance() {
    return deviationVariance;
  }

  /** Mean base of the family's models. */
  double familyBase(ModelFamily family, double fallback) {
    return familyBase.getOrDefault(family, fallback);
  }

  void update() {
    grid.measureScatter(SCATTER_WEIGHT);
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      addUp();
      for (ProfileGrid.Column column : grid.columns()) {
        fit(column);
      }
    }
    Map<ModelFamily, Sums> families = new EnumMap<>(ModelFamily.class);
    for (ProfileGrid.Row row : grid.rows()) {
      Sums of = of(row);
      row.base = of.bases / of.weights;
      Sums family = families.computeIfAbsent(row.family, _ -> new Sums());
      family.weights++;
      family.bases += row.base;
    }
    families.forEach((family, all) -> familyBase.put(family, all.bases / all.weights));
    measureVariances();
  }

  private Sums of(ProfileGrid.Row row) {
    return sums.computeIfAbsent(row, _ -> new Sums());
  }

  private double weight(ProfileGrid.Cell cell) {
    return 1 / (deviationVariance + cell.column.variance + cell.noise());
  }

  private void addUp() {
    for (ProfileGrid.Row row : grid.rows()) {
      Sums of = of(row);
      of.weights = 0;
      of.bases = 0;
      for (ProfileGrid.Cell cell : row.cells) {
        double weight = weight(cell);
        of.weights += weight;
        of.bases += weight * (cell.mean.mean() - cell.column.offset);
      }
    }
  }

  private void fit(ProfileGrid.Column column) {
    double weights = 1 / offsetVariance;
    double offsets = column.prior / offsetVariance;
    double[] counted = new double[column.cells.size()];
    for (int i = 0; i < counted.length; i++) {
      ProfileGrid.Cell cell = column.cells.get(i);
      counted[i] = weight(cell);
      double others = of(cell.row).weights - counted[i];
      if (cell.row.cells.size() > 1) {
        double weight = 1 / (deviationVariance + cell.noise() + 1 / others);
        weights += weight;
        offsets += weight * seen(cell, counted[i]);
      }
    }
    double offset = offsets / weights;
    // The models' bases hear of it at once: what two columns say of each other would swing else.
    for (int i = 0; i < counted.length; i++) {
      of(column.cells.get(i).row).bases -= counted[i] * (offset - column.offset);
    }
    double before = column.variance;
    column.offset = offset;
    column.variance = 1 / weights;
    for (int i = 0; i < counted.length; i++) {
      reweigh(column.cells.get(i), before);
    }
  }

  /** The column became more certain: its cells say more of their models' bases. */
  private void reweigh(ProfileGrid.Cell cell, double varianceBefore) {
    double before = 1 / (deviationVariance + varianceBefore + cell.noise());
    double change = weight(cell) - before;
    Sums of = of(cell.row);
    of.weights += change;
    of.bases += change * (cell.mean.mean() - cell.column.offset);
  }

  /** What the cell says of its column's offset, by what the model takes elsewhere. */
  private double seen(ProfileGrid.Cell cell, double weight) {
    Sums of = of(cell.row);
    double others = of.weights - weight;
    double base = (of.bases - weight * (cell.mean.mean() - cell.column.offset)) / others;
    return cell.mean.mean() - base;
  }

  private void measureVariances() {
    double deviations = ASSUMPTION_WEIGHT * firstDeviationVariance;
    double cells = ASSUMPTION_WEIGHT;
    double offsets = ASSUMPTION_WEIGHT * firstOffsetVariance;
    double columns = ASSUMPTION_WEIGHT;
    for (ProfileGrid.Column column : grid.columns()) {
      double weights = 0;
      double sum = 0;
      for (ProfileGrid.Cell cell : column.cells) {
        if (cell.row.cells.size() > 1) {
          double own = weight(cell);
          double noise = cell.noise() + 1 / (of(cell.row).weights - own);
          double offset = seen(cell, own);
          double clear = clear(deviationVariance, noise);
          cells += clear;
          deviations += clear * (square(offset - column.offset) - noise);
          double weight = 1 / (deviationVariance + noise);
          weights += weight;
          sum += weight * offset;
        }
      }
      if (weights > 0) {
        double clear = clear(offsetVariance, 1 / weights);
        columns += clear;
        offsets += clear * (square(sum / weights - column.prior) - 1 / weights);
      }
    }
    deviationVariance = Math.clamp(deviations / cells, LEAST_VARIANCE, MOST_VARIANCE);
    offsetVariance = Math.clamp(offsets / columns, LEAST_VARIANCE, MOST_VARIANCE);
  }

  /** How much a square says of a variance beside the noise in it, 0–1. */
  private static double clear(double variance, double noise) {
    return square(variance / (variance + noise));
  }

  private static double square(double value) {
    return value * value;
  }
}
