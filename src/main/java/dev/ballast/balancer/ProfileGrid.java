package dev.ballast.balancer;

import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What was measured, by model (rows) and by family and browser (columns). */
final class ProfileGrid {
  /** Scatter assumed until it is measured, as a variance: a factor of 1.65 either way. */
  static final double ASSUMED_VARIANCE = 0.25;

  private static final double ASSUMPTION_WEIGHT = 5;

  private final Map<String, Row> rows = new HashMap<>();
  private final Map<Place, Column> columns = new LinkedHashMap<>();
  private final List<Row> inOrder = new ArrayList<>();
  private final ToDoubleFunction<ProfileKey> priorOffset;
  private double scatter = ASSUMED_VARIANCE;

  /** A family on a browser, of whatever version. */
  private record Place(ModelFamily family, BrowserKind kind, Backend backend, Hardware hardware) {
    static Place of(ProfileKey key) {
      return new Place(key.family(), key.kind(), key.backend(), key.hardware());
    }
  }

  /** A model. */
  final class Row {
    final ModelFamily family;
    final List<Cell> cells = new ArrayList<>();
    private final Map<Column, Cell> byColumn = new HashMap<>();
    double base;
    long observations;

    /** Doubt in what is expected of it, after something shifted. */
    double shiftVariance;

    private double variance = scatter;

    Row(ModelFamily family) {
      this.family = family;
    }

    /** Variance of single observations of the model. */
    double variance() {
      return variance;
    }

    /** Something was observed of it. */
    void measure() {
      double sum = ASSUMPTION_WEIGHT * scatter;
      double weight = ASSUMPTION_WEIGHT;
      for (Cell cell : cells) {
        sum += cell.mean.squares();
        weight += Math.max(0, cell.mean.weight() - 1);
      }
      variance = sum / weight;
    }

    @Nullable Cell cell(Column column) {
      return byColumn.get(column);
    }
  }

  /** A family on a browser: how much slower than the model's base, as a logarithm. */
  static final class Column {
    final List<Cell> cells = new ArrayList<>();

    final ReleaseWatch releases = new ReleaseWatch();

    /** What was expected of the offset before anything was measured; a release moves that, too. */
    double prior;

    double offset;
    double variance;

    Column(double prior, double variance) {
      this.prior = prior;
      this.variance = variance;
      offset = prior;
    }

    /** The browser became so much slower for the family: what was expected of it, too. */
    void shift(double by) {
      prior += by;
      offset += by;
      cells.forEach(cell -> cell.mean.shift(by));
    }
  }

  /** A model on a browser. */
  static final class Cell {
    final Row row;
    final Column column;
    final LogMean mean = new LogMean();

    Cell(Row row, Column column) {
      this.row = row;
      this.column = column;
    }

    /** Variance of its mean, by the scatter of what was measured. */
    double noise() {
      return row.variance() / mean.weight();
    }
  }

  ProfileGrid(ToDoubleFunction<ProfileKey> priorOffset) {
    this.priorOffset = priorOffset;
  }

  double priorOffset(ProfileKey key) {
    return priorOffset.applyAsDouble(key);
  }

  @Nullable Row row(String model) {
    return rows.get(model);
  }

  @Nullable Column column(ProfileKey key) {
    return columns.get(Place.of(key));
  }

  /** In the order in which they were first measured. */
  List<Row> rows() {
    return inOrder;
  }

  Collection<Column> columns() {
    return columns.values();
  }

  /** The cell of the key, made when it is not there. */
  Cell cell(ProfileKey key, double offsetVariance) {
    Row row = rows.get(key.model());
    if (row == null) {
      row = new Row(key.family());
      rows.put(key.model(), row);
      inOrder.add(row);
    }
    Column column =
        columns.computeIfAbsent(
            Place.of(key), _ -> new Column(priorOffset.applyAsDouble(key), offsetVariance));
    Cell cell = row.byColumn.get(column);
    if (cell == null) {
      cell = new Cell(row, column);
      row.byColumn.put(column, cell);
      row.cells.add(cell);
      column.cells.add(cell);
    }
    return cell;
  }

  /** Learns how much observations scatter, over all models. */
  void measureScatter(double assumptionWeight) {
    double sum = assumptionWeight * ASSUMED_VARIANCE;
    double weight = assumptionWeight;
    for (Row row : inOrder) {
      for (Cell cell : row.cells) {
        sum += cell.mean.squares();
        weight += Math.max(0, cell.mean.weight() - 1);
      }
    }
    scatter = sum / weight;
    inOrder.forEach(Row::measure);
  }
}
