package dev.ballast.cli.report;

import dev.ballast.model.AttemptResult;
import dev.ballast.model.Phases;
import dev.ballast.model.Summary;
import dev.ballast.model.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Results as CSV (RFC 4180), one line for each attempt, with the column names of the view {@code
 * results}; an unknown value is an empty field. A text that a spreadsheet would take for a formula
 * begins with an apostrophe.
 */
public final class CsvReport {
  private CsvReport() {}

  private record Column(String name, Function<AttemptResult, @Nullable Object> value) {}

  private static final List<Column> COLUMNS = columns();

  private static List<Column> columns() {
    List<Column> columns =
        new ArrayList<>(
            List.of(
                new Column("namespace", AttemptResult::namespace),
                new Column("job", AttemptResult::job),
                new Column("uid", AttemptResult::uid),
                new Column("index", AttemptResult::index),
                new Column("attempt", AttemptResult::attempt),
                new Column("epoch", AttemptResult::epoch),
                new Column("model_name", r -> r.model().name()),
                new Column("model_family", r -> r.model().family().label()),
                new Column("model_sha256", r -> r.model().sha256()),
                new Column("backend_requested", r -> r.backend().requested()),
                new Column("backend_actual", r -> r.backend().actual()),
                new Column("browser_kind", r -> r.browser() == null ? null : r.browser().kind()),
                new Column(
                    "browser_version", r -> r.browser() == null ? null : r.browser().version()),
                new Column(
                    "adapter_software", r -> r.adapter() == null ? null : r.adapter().software()),
                new Column("worker", AttemptResult::worker),
                new Column("node", AttemptResult::node),
                new Column("os", AttemptResult::os),
                new Column("started_at", AttemptResult::startedAt),
                new Column("wall", AttemptResult::wall),
                new Column("warm_start", AttemptResult::warmStart)));
    for (Phase phase : Phase.values()) {
      columns.add(
          new Column(
              "phases_" + phase.name().toLowerCase(java.util.Locale.ROOT),
              r -> phase(r.phases(), phase)));
    }
    columns.addAll(
        List.of(
            new Column("summary_n", r -> summary(r, Summary::n)),
            new Column("summary_mean", r -> summary(r, Summary::mean)),
            new Column("summary_p50", r -> summary(r, Summary::p50)),
            new Column("summary_p90", r -> summary(r, Summary::p90)),
            new Column("summary_p99", r -> summary(r, Summary::p99)),
            new Column("summary_low95", r -> summary(r, Summary::low95)),
            new Column("summary_high95", r -> summary(r, Summary::high95)),
            new Column("peak_memory_bytes", AttemptResult::peakMemoryBytes),
            new Column(
                "correctness_max_error",
                r -> r.correctness() == null ? null : r.correctness().maxError()),
            new Column("outcome", AttemptResult::outcome),
            new Column("code", AttemptResult::code),
            new Column("message", AttemptResult::message),
            new Column("verdict_level", r -> r.verdict().level().label()),
            new Column(
                "verdict_reasons",
                r ->
                    r.verdict().reasons().stream()
                        .map(Verdict.Reason::label)
                        .collect(Collectors.joining(" ")))));
    return List.copyOf(columns);
  }

  /** Header and lines, each ending in CR LF. */
  public static String render(List<AttemptResult> attempts) {
    StringBuilder csv = new StringBuilder();
    csv.append(COLUMNS.stream().map(Column::name).collect(Collectors.joining(","))).append("\r\n");
    for (AttemptResult attempt : attempts) {
      csv.append(
              COLUMNS.stream()
                  .map(column -> field(column.value().apply(attempt)))
                  .collect(Collectors.joining(",")))
          .append("\r\n");
    }
    return csv.toString();
  }

  /** Writes them, whole or not at all. */
  public static void write(List<AttemptResult> attempts, Path file) throws IOException {
    AtomicFile.write(file, render(attempts));
  }

  private static @Nullable Object phase(@Nullable Phases phases, Phase phase) {
    return phases == null ? null : phase.millis(phases);
  }

  private static @Nullable Object summary(
      AttemptResult result, Function<Summary, @Nullable Object> value) {
    return result.summary() == null ? null : value.apply(result.summary());
  }

  private static String field(@Nullable Object value) {
    String text = Objects.toString(value, "");
    if (value instanceof String && !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0) {
      text = "'" + text;
    }
    return text.matches("(?s).*[\",\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}
