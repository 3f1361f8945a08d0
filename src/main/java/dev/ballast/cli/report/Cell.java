package dev.ballast.cli.report;

import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.MeanInterval;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Outcome;
import dev.ballast.model.Phases;
import dev.ballast.model.Summary;
import dev.ballast.model.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The repetitions of one model on one backend of one browser, as one line of a table.
 *
 * @param browser kind and version, for example {@code firefox 153.0}
 * @param attempts those that succeeded
 */
public record Cell(
    String model,
    ModelFamily family,
    String backend,
    String browser,
    List<AttemptResult> attempts) {

  public Cell {
    attempts = List.copyOf(attempts);
  }

  /** Cells of the successful results, in the order in which models first came up. */
  public static List<Cell> of(List<AttemptResult> results) {
    Map<String, Map<List<String>, List<AttemptResult>>> models = new LinkedHashMap<>();
    for (AttemptResult result : results) {
      if (result.outcome() == Outcome.SUCCEEDED) {
        models
            .computeIfAbsent(result.model().name(), model -> new LinkedHashMap<>())
            .computeIfAbsent(List.of(backend(result), browser(result)), cell -> new ArrayList<>())
            .add(result);
      }
    }
    List<Cell> cells = new ArrayList<>();
    models.forEach((model, columns) ->
        columns.entrySet().stream()
            .sorted(
                Comparator.comparing(
                        (Map.Entry<List<String>, List<AttemptResult>> e) -> e.getKey().get(0))
                    .thenComparing(e -> e.getKey().get(1)))
            .forEach(e ->
                cells.add(
                    new Cell(
                        model,
                        e.getValue().getFirst().model().family(),
                        e.getKey().get(0),
                        e.getKey().get(1),
                        e.getValue()))));
    return cells;
  }

  /** The backend that ran it, else the one asked for. */
  public static String backend(AttemptResult result) {
    Backend actual = result.backend().actual();
    Backend backend = actual == null ? result.backend().requested() : actual;
    return backend == null ? "–" : backend.name();
  }

  /** Kind and version without its last parts, which the environment section tells in full. */
  public static String browser(AttemptResult result) {
    var browser = result.browser();
    if (browser == null) {
      return "–";
    }
    String[] parts = browser.version().split("\\.", -1);
    return browser.kind() + " " + parts[0];
  }

  /** The repetitions that count: rejected ones only where there is nothing else to show. */
  private List<AttemptResult> counted() {
    List<AttemptResult> counted =
        attempts.stream()
            .filter(attempt -> attempt.verdict().level() != Verdict.Level.REJECTED)
            .toList();
    return counted.isEmpty() ? attempts : counted;
  }

  /** All samples of the counted repetitions, in milliseconds, sorted. */
  public double[] samples() {
    return counted().stream()
        .flatMap(attempt -> attempt.samples().stream())
        .mapToDouble(Double::doubleValue)
        .sorted()
        .toArray();
  }

  public int n() {
    return counted().stream().mapToInt(attempt -> attempt.samples().size()).sum();
  }

  public OptionalDouble quantile(double probability) {
    double[] sorted = samples();
    if (sorted.length == 0) {
      return OptionalDouble.empty();
    }
    double position = probability * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return OptionalDouble.of(sorted[below] + (position - below) * (sorted[above] - sorted[below]));
  }

  /**
   * The typical time with its 95 % interval: of the repetitions' medians where there are several
   * (samples of one repetition are alike in ways that repetitions are not), else the median of the
   * samples. Times are skewed and never negative, and repetitions few: their interval is taken of
   * the logarithms.
   */
  public Optional<MeanInterval> typical() {
    List<Summary> summaries =
        counted().stream().map(AttemptResult::summary).filter(Objects::nonNull).toList();
    double[] logarithms = summaries.stream().mapToDouble(s -> Math.log(s.p50())).toArray();
    if (summaries.size() < 2 || !Arrays.stream(logarithms).allMatch(Double::isFinite)) {
      return summaries.stream()
          .findFirst()
          .map(only -> new MeanInterval(1, only.p50(), only.low95(), only.high95()));
    }
    MeanInterval of = MeanInterval.of(logarithms);
    return Optional.of(
        new MeanInterval(of.n(), Math.exp(of.mean()), Math.exp(of.low95()), Math.exp(of.high95())));
  }

  /** Mean time to fetch, compile and run once, of the repetitions that had to. */
  public OptionalDouble loadMillis() {
    return attempts.stream()
        .filter(attempt -> Boolean.FALSE.equals(attempt.warmStart()))
        .map(AttemptResult::phases)
        .filter(Objects::nonNull)
        .mapToDouble(phases -> phases.download() + phases.sessionCreate() + phases.firstRun())
        .average();
  }

  public OptionalLong memoryBytes() {
    return attempts.stream()
        .map(AttemptResult::peakMemoryBytes)
        .filter(Objects::nonNull)
        .mapToLong(Long::longValue)
        .max();
  }

  /** The mean of each phase, in milliseconds; empty when no attempt told its phases. */
  public Map<Phase, Double> phases() {
    List<Phases> all =
        attempts.stream().map(AttemptResult::phases).filter(Objects::nonNull).toList();
    Map<Phase, Double> means = new EnumMap<>(Phase.class);
    if (!all.isEmpty()) {
      for (Phase phase : Phase.values()) {
        means.put(phase, all.stream().mapToDouble(phase::millis).average().orElseThrow());
      }
    }
    return means;
  }

  /** The strictest level among the repetitions that count. */
  public Verdict.Level level() {
    return counted().stream()
        .map(attempt -> attempt.verdict().level())
        .max(Comparator.naturalOrder())
        .orElse(Verdict.Level.TRUSTED);
  }

  /** How many repetitions carry each reason. */
  public Map<Verdict.Reason, Long> reasons() {
    Map<Verdict.Reason, Long> counts = new EnumMap<>(Verdict.Reason.class);
    for (AttemptResult attempt : attempts) {
      attempt.verdict().reasons().forEach(reason -> counts.merge(reason, 1L, Long::sum));
    }
    return counts;
  }

  /**
   * The reasons as text, with a count where not every repetition has it; how many were rejected is
   * said where others count.
   */
  public List<String> reasonLabels() {
    List<String> labels = new ArrayList<>();
    reasons().forEach((reason, n) -> labels.add(reason.label() + share(n)));
    long rejected =
        attempts.stream()
            .filter(attempt -> attempt.verdict().level() == Verdict.Level.REJECTED)
            .count();
    if (rejected > 0 && rejected < attempts.size()) {
      labels.add("rejected" + share(rejected));
    }
    return labels;
  }

  private String share(long n) {
    return n == attempts.size() ? "" : " %d/%d".formatted(n, attempts.size());
  }
}
