package dev.ballast.cli.compare;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.ballast.cli.report.LastAttempts;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Outcome;
import dev.ballast.model.Verdict;
import dev.ballast.store.affinity.Contrast;
import dev.ballast.store.affinity.Estimate;
import dev.ballast.store.affinity.LogTimes;
import dev.ballast.store.affinity.Speed;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A new report against a base, cell by cell:
 *
 * <pre>ratio = time now ÷ time then, of geometric means over repetitions; interval after Welch
 * </pre>
 *
 * A cell is slower when its whole 95 % interval lies above 1 + {@code tolerance}. With many cells
 * some would do so by chance: among {@code k} cells without any change one false alarm is expected
 * every {@code 40 / k} comparisons, which a tolerance makes rarer.
 *
 * @param different what is unlike but may be
 * @param unlike what must be alike and is not; then nothing is compared
 */
public record Comparison(
    List<Row> rows, List<String> unlike, List<String> different, double tolerance) {

  /** What became of a cell. */
  public enum Change {
    SLOWER,
    FASTER,
    /** The interval holds 1, or lies within the tolerance. */
    UNCHANGED,
    /** Too few repetitions for an interval. */
    UNKNOWN,
    /** It succeeded in the base and does not now. */
    BROKEN,
    /** It did not succeed in the base, and does now. */
    MENDED,
    /** Only one of the reports has it. */
    ONLY_BASE,
    ONLY_NEW;

    /** For example {@code only-base}. */
    @JsonValue
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * One cell.
   *
   * @param base time in the base; absent where nothing was measured that counts
   * @param ratio time now ÷ time then
   */
  public record Row(
      CellKey cell,
      Change change,
      Optional<Estimate> base,
      Optional<Estimate> changed,
      Optional<Estimate> ratio) {}

  /** Parts of the environment that must be alike, unless they are allowed not to be. */
  public static List<String> mustBeAlike() {
    return Environment.REQUIRED;
  }

  /**
   * Compares two reports.
   *
   * @param tolerance slower by less than this share is no regression, ≥ 0
   * @param allowed those of {@link #mustBeAlike} that need not be
   */
  public static Comparison of(
      List<AttemptResult> base,
      List<AttemptResult> changed,
      double tolerance,
      Set<String> allowed) {
    Map<CellKey, Side> before = sides(base);
    Map<CellKey, Side> after = sides(changed);
    List<Environment.Difference> differences =
        Environment.differences(shared(base, after), shared(changed, before));
    List<String> unlike = told(differences, d -> d.required() && !allowed.contains(d.property()));
    TreeMap<CellKey, Side> all = new TreeMap<>(before);
    all.putAll(after);
    List<Row> rows = new ArrayList<>();
    if (unlike.isEmpty()) {
      for (CellKey cell : all.keySet()) {
        rows.add(row(cell, before.get(cell), after.get(cell), tolerance));
      }
    }
    return new Comparison(
        rows,
        unlike,
        told(differences, d -> !d.required() || allowed.contains(d.property())),
        tolerance);
  }

  /** Those that the other report has too: only they are compared. */
  private static List<AttemptResult> shared(
      List<AttemptResult> results, Map<CellKey, Side> others) {
    return results.stream()
        .filter(result -> CellKey.of(result).filter(others::containsKey).isPresent())
        .toList();
  }

  /** Something that was measured before became slower, or fails now. */
  public boolean regressed() {
    return rows.stream()
        .anyMatch(row -> row.change() == Change.SLOWER || row.change() == Change.BROKEN);
  }

  private static List<String> told(
      List<Environment.Difference> differences, Predicate<Environment.Difference> which) {
    return differences.stream().filter(which).map(Environment.Difference::toString).toList();
  }

  /** The last attempts of one cell's tasks, summed up. */
  private static final class Side {
    private final LogTimes times = new LogTimes();
    private int failed;
  }

  private static Map<CellKey, Side> sides(List<AttemptResult> attempts) {
    Map<CellKey, Side> sides = new TreeMap<>();
    for (AttemptResult result : LastAttempts.of(attempts)) {
      CellKey.of(result)
          .ifPresent(cell -> {
            Side side = sides.computeIfAbsent(cell, any -> new Side());
            Speed.of(result).ifPresent(speed -> side.times.add(speed.millis(), speed.flagged()));
            boolean rejected = result.verdict().level() == Verdict.Level.REJECTED;
            side.failed += result.outcome() != Outcome.SUCCEEDED || rejected ? 1 : 0;
          });
    }
    return sides;
  }

  private static Row row(
      CellKey cell, @Nullable Side base, @Nullable Side changed, double tolerance) {
    if (base == null || changed == null) {
      return new Row(
          cell,
          base == null ? Change.ONLY_NEW : Change.ONLY_BASE,
          time(base),
          time(changed),
          Optional.empty());
    }
    if (base.times.n() == 0 || changed.times.n() == 0) {
      Change change =
          base.times.n() > 0 && changed.failed > 0
              ? Change.BROKEN
              : changed.times.n() > 0 && base.failed > 0 ? Change.MENDED : Change.UNKNOWN;
      return new Row(cell, change, time(base), time(changed), Optional.empty());
    }
    Estimate ratio = new Contrast().add(1, changed.times).add(-1, base.times).exponential();
    Change change =
        base.failed == 0 && changed.failed > 0 ? Change.BROKEN : change(ratio, tolerance);
    return new Row(cell, change, time(base), time(changed), Optional.of(ratio));
  }

  private static Change change(Estimate ratio, double tolerance) {
    if (ratio.low95().isEmpty() || ratio.high95().isEmpty()) {
      return Change.UNKNOWN;
    }
    if (ratio.low95().getAsDouble() > 1 + tolerance) {
      return Change.SLOWER;
    }
    return ratio.high95().getAsDouble() < 1 / (1 + tolerance) ? Change.FASTER : Change.UNCHANGED;
  }

  private static Optional<Estimate> time(@Nullable Side side) {
    return side == null || side.times.n() == 0
        ? Optional.empty()
        : Optional.of(new Contrast().add(1, side.times).exponential());
  }
}
