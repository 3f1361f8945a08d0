package dev.ballast.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.ballast.model.Adapter;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserInstance;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Outcome;
import dev.ballast.model.Phases;
import dev.ballast.model.Summary;
import dev.ballast.model.Verdict;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;

/** Results as rows of the table {@code attempts}, and back. */
final class AttemptRows {
  private AttemptRows() {}

  /** In the order of the table's columns. */
  static void append(DuckDBAppender row, long sequence, Instant endedAt, AttemptResult result)
      throws SQLException {
    AttemptResult.Engine runtime = result.runtime();
    BrowserInstance browser = result.browser();
    Adapter adapter = result.adapter();
    Phases phases = result.phases();
    Summary summary = result.summary();
    AttemptResult.Correctness correctness = result.correctness();
    row.beginRow()
        .append(sequence)
        .append(utc(endedAt))
        .append(result.schema())
        .append(result.namespace())
        .append(result.job())
        .append(result.uid())
        .append(result.index())
        .append(result.attempt())
        .append(result.epoch())
        .append(result.model().name())
        .append(result.model().family().label())
        .append(result.model().sha256())
        .append(runtime == null ? null : runtime.name())
        .append(runtime == null ? null : runtime.version())
        .append(name(result.backend().requested()))
        .append(name(result.backend().actual()))
        .append(browser == null ? null : browser.kind().name())
        .append(browser == null ? null : browser.version())
        .append(browser == null ? null : browser.instance());
    if (browser == null) {
      row.appendNull();
    } else {
      row.append(browser.arguments());
    }
    row.append(adapter == null ? null : adapter.vendor())
        .append(adapter == null ? null : adapter.architecture())
        .append(adapter == null ? null : adapter.description())
        .append(adapter == null ? (Boolean) null : (Boolean) adapter.software())
        .append(result.worker())
        .append(result.node())
        .append(result.os())
        .append(utc(result.startedAt()));
    if (phases == null) {
      appendNulls(row, 10);
    } else {
      row.append(phases.queue())
          .append(phases.placement())
          .append(phases.browserStart())
          .append(phases.download())
          .append(phases.sessionCreate())
          .append(phases.firstRun())
          .append(phases.warmup())
          .append(phases.warmRuns())
          .append(phases.turn())
          .append(phases.overhead());
    }
    row.append(result.wall())
        .append(result.warmStart())
        .append(result.samples().stream().mapToDouble(Double::doubleValue).toArray());
    if (summary == null) {
      appendNulls(row, 7);
    } else {
      row.append(summary.n())
          .append(summary.mean())
          .append(summary.p50())
          .append(summary.p90())
          .append(summary.p99())
          .append(summary.low95())
          .append(summary.high95());
    }
    row.append(result.peakMemoryBytes())
        .append(correctness == null ? null : correctness.reference())
        .append(correctness == null ? null : correctness.maxError())
        .append(correctness == null ? null : correctness.tolerance())
        .append(result.outcome().label())
        .append(result.code())
        .append(result.message())
        .append(result.verdict().level().label())
        .append(result.verdict().reasons().stream().map(Verdict.Reason::label).toList());
    AttemptResult.Sampling sampling = result.sampling();
    if (sampling == null) {
      appendNulls(row, 4);
    } else {
      row.append(sampling.inferencesPerSample())
          .append(sampling.timerResolutionMillis())
          .append(sampling.warmupRuns())
          .append(blocksJson(sampling.blocks()));
    }
    row.endRow();
  }

  /** From a row of {@code attempts} or of the view {@code results}. */
  static AttemptResult read(ResultSet row) throws SQLException {
    return new AttemptResult(
        row.getInt("schema"),
        row.getString("namespace"),
        row.getString("job"),
        row.getString("uid"),
        row.getInt("index"),
        row.getInt("attempt"),
        row.getLong("epoch"),
        new AttemptResult.Model(
            row.getString("model_name"),
            family(row.getString("model_family")),
            row.getString("model_sha256")),
        row.getString("runtime_name") == null
            ? null
            : new AttemptResult.Engine(
                row.getString("runtime_name"), row.getString("runtime_version")),
        new AttemptResult.Backends(
            backend(row.getString("backend_requested")), backend(row.getString("backend_actual"))),
        row.getString("browser_kind") == null
            ? null
            : new BrowserInstance(
                new BrowserKind(row.getString("browser_kind")),
                row.getString("browser_version"),
                row.getString("browser_instance"),
                strings(row.getArray("browser_arguments"))),
        bool(row, "adapter_software") == null
            ? null
            : new Adapter(
                row.getString("adapter_vendor"),
                row.getString("adapter_architecture"),
                row.getString("adapter_description"),
                row.getBoolean("adapter_software")),
        row.getString("worker"),
        row.getString("node"),
        row.getString("os"),
        instant(row, "started_at"),
        phases(row),
        real(row, "wall"),
        bool(row, "warm_start"),
        doubles(row.getArray("samples")),
        sampling(row),
        real(row, "summary_n") == null
            ? null
            : new Summary(
                row.getInt("summary_n"),
                row.getDouble("summary_mean"),
                row.getDouble("summary_p50"),
                row.getDouble("summary_p90"),
                row.getDouble("summary_p99"),
                row.getDouble("summary_low95"),
                row.getDouble("summary_high95")),
        whole(row, "peak_memory_bytes"),
        row.getString("correctness_reference") == null
            ? null
            : new AttemptResult.Correctness(
                row.getString("correctness_reference"),
                real(row, "correctness_max_error"),
                real(row, "correctness_tolerance")),
        Outcome.of(row.getString("outcome")),
        row.getString("code"),
        row.getString("message"),
        new Verdict(
            BallastJson.labelled(Verdict.Level.values(), Verdict.Level::label)
                .apply(row.getString("verdict_level")),
            strings(row.getArray("verdict_reasons")).stream()
                .map(BallastJson.labelled(Verdict.Reason.values(), Verdict.Reason::label))
                .collect(Collectors.toSet())));
  }

  private static AttemptResult.@Nullable Sampling sampling(ResultSet row) throws SQLException {
    return real(row, "sampling_inferences_per_sample") == null
        ? null
        : new AttemptResult.Sampling(
            row.getInt("sampling_inferences_per_sample"),
            real(row, "sampling_timer_resolution_millis"),
            row.getInt("sampling_warmup_runs"),
            blocks(row.getString("sampling_blocks")));
  }

  private static String blocksJson(List<AttemptResult.Block> blocks) {
    try {
      return BallastJson.mapper().writeValueAsString(blocks);
    } catch (JsonProcessingException e) {
      throw new StoreException("the blocks of a result cannot be written", e);
    }
  }

  private static List<AttemptResult.Block> blocks(String json) {
    try {
      return BallastJson.mapper().readValue(json, new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw new StoreException("the blocks of a result cannot be read", e);
    }
  }

  static @Nullable Phases phases(ResultSet row) throws SQLException {
    return real(row, "phases_queue") == null
        ? null
        : new Phases(
            row.getDouble("phases_queue"),
            row.getDouble("phases_placement"),
            row.getDouble("phases_browser_start"),
            row.getDouble("phases_download"),
            row.getDouble("phases_session_create"),
            row.getDouble("phases_first_run"),
            row.getDouble("phases_warmup"),
            row.getDouble("phases_warm_runs"),
            row.getDouble("phases_turn"),
            row.getDouble("phases_overhead"));
  }

  static ModelFamily family(String label) {
    return ModelFamily.of(label).orElse(ModelFamily.OTHER);
  }

  static @Nullable Backend backend(@Nullable String name) {
    return name == null ? null : new Backend(name);
  }

  static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  static @Nullable Double real(ResultSet row, String column) throws SQLException {
    double value = row.getDouble(column);
    return row.wasNull() ? null : (Double) value;
  }

  static @Nullable Long whole(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : (Long) value;
  }

  static @Nullable Boolean bool(ResultSet row, String column) throws SQLException {
    boolean value = row.getBoolean(column);
    return row.wasNull() ? null : (Boolean) value;
  }

  private static @Nullable String name(@Nullable Backend backend) {
    return backend == null ? null : backend.name();
  }

  static List<String> strings(Array array) throws SQLException {
    return Arrays.stream((Object[]) array.getArray()).map(String.class::cast).toList();
  }

  private static List<Double> doubles(Array array) throws SQLException {
    return Arrays.stream((Object[]) array.getArray()).map(Double.class::cast).toList();
  }

  private static void appendNulls(DuckDBAppender row, int count) throws SQLException {
    for (int i = 0; i < count; i++) {
      row.appendNull();
    }
  }
}
