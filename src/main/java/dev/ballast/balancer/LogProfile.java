package dev.ballast.balancer;

import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * One positive quantity, learned on the log scale from the general to the particular:
 *
 * <pre>
 * browser offset(family, kind, backend, hardware)  ← prior offset
 * expected(model, browser) = base(model) + browser offset
 * any version(model, browser)                      ← expected
 * version(model, browser, version)                 ← any version
 * </pre>
 *
 * where {@code x ← y} is the decayed mean of what was observed of x, with y weighing as three
 * observations. A browser that never ran a model is thus judged by what the model took elsewhere
 * and by how the browser compares on the model's family.
 */
final class LogProfile {
  /** Scatter assumed until it is measured: a factor of 1.65 either way. */
  private static final double ASSUMED_VARIANCE = 0.25;

  private final Map<ProfileKey, LogMean> versions = new HashMap<>();
  private final Map<Column, LogMean> columns = new HashMap<>();
  private final Map<FamilyColumn, LogMean> offsets = new HashMap<>();
  private final Map<String, LogMean> models = new HashMap<>();
  private final Map<ModelFamily, LogMean> families = new HashMap<>();
  private final double fallbackLog;
  private final double priorWeight;
  private final ToDoubleFunction<ProfileKey> priorOffset;

  private record Column(String model, BrowserKind kind, Backend backend, Hardware hardware) {
    static Column of(ProfileKey key) {
      return new Column(key.model(), key.kind(), key.backend(), key.hardware());
    }
  }

  private record FamilyColumn(
      ModelFamily family, BrowserKind kind, Backend backend, Hardware hardware) {
    static FamilyColumn of(ProfileKey key) {
      return new FamilyColumn(key.family(), key.kind(), key.backend(), key.hardware());
    }
  }

  LogProfile(double typical, double priorWeight, ToDoubleFunction<ProfileKey> priorOffset) {
    this.fallbackLog = StrictMath.log(typical);
    this.priorWeight = priorWeight;
    this.priorOffset = priorOffset;
  }

  void learn(ProfileKey key, double value) {
    double log = StrictMath.log(value);
    LogMean base = models.computeIfAbsent(key.model(), _ -> new LogMean());
    if (base.weight() > 0) {
      // The first observation of a model says what the model costs, not how the browser compares.
      offsets.computeIfAbsent(FamilyColumn.of(key), _ -> new LogMean()).add(log - base.mean());
    }
    double plain = log - offset(key);
    base.add(plain);
    families.computeIfAbsent(key.family(), _ -> new LogMean()).add(plain);
    columns.computeIfAbsent(Column.of(key), _ -> new LogMean()).add(log);
    versions.computeIfAbsent(key, _ -> new LogMean()).add(log);
  }

  Estimate estimate(ProfileKey key) {
    double log = base(key) + offset(key);
    double variance = ASSUMED_VARIANCE;
    LogMean column = columns.get(Column.of(key));
    if (column != null) {
      log = column.shrunk(log, priorWeight);
      variance = column.variance(variance, priorWeight);
    }
    LogMean version = versions.get(key);
    double observations = 0;
    if (version != null) {
      log = version.shrunk(log, priorWeight);
      variance = version.variance(variance, priorWeight);
      observations = version.weight();
    }
    return new Estimate(
        StrictMath.exp(log), Math.sqrt(variance / (priorWeight + observations)), observations);
  }

  /** What would be expected by the priors alone, given what the model costs in general. */
  double believed(ProfileKey key) {
    return StrictMath.exp(base(key) + priorOffset.applyAsDouble(key));
  }

  /** Observations of the model in any browser, ever. */
  long observations(String model) {
    LogMean base = models.get(model);
    return base == null ? 0 : base.count();
  }

  private double base(ProfileKey key) {
    LogMean model = models.get(key.model());
    if (model != null) {
      return model.mean();
    }
    LogMean family = families.get(key.family());
    return family == null ? fallbackLog : family.mean();
  }

  private double offset(ProfileKey key) {
    double prior = priorOffset.applyAsDouble(key);
    LogMean offset = offsets.get(FamilyColumn.of(key));
    return offset == null ? prior : offset.shrunk(prior, priorWeight);
  }
}
