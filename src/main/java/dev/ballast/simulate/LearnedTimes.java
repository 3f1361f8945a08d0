package dev.ballast.simulate;

import dev.ballast.balancer.Hardware;
import dev.ballast.balancer.Observation;
import dev.ballast.balancer.ProfileKey;
import dev.ballast.balancer.Profiles;
import dev.ballast.balancer.schedule.Estimator;
import dev.ballast.balancer.schedule.Tries;
import dev.ballast.model.Backend;
import dev.ballast.simulate.workload.BrowserClass;
import dev.ballast.simulate.workload.SimulatedModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Production's {@link Profiles}, asked in the numbers of a simulation. Estimates are kept until
 * something is learned that may change them.
 */
final class LearnedTimes implements Estimator {
  private final Truth truth;
  private final Profiles profiles;
  private final Tries tries;
  private final @Nullable Row[][] rows;
  private long version;

  /** A model on one backend of a class. */
  private record Expected(
      double serviceSeconds, double loadSeconds, int variant, double error, double success) {
    static final Expected IMPOSSIBLE = new Expected(Double.POSITIVE_INFINITY, 0, -1, 0, 1);
  }

  /** A model in a class: on all its backends, and on the most promising one. */
  private static final class Row {
    final List<Expected> backends = new ArrayList<>();
    Expected best = Expected.IMPOSSIBLE;
    double error;
    long triesVersion = -1;
  }

  LearnedTimes(Truth truth, Tries tries) {
    this.truth = truth;
    this.tries = tries;
    this.profiles = new Profiles(truth.workload().priors());
    this.rows = new Row[truth.workload().models().size()][truth.workload().browsers().size()];
  }

  @Override
  public void learn(
      int group,
      int pool,
      int variant,
      boolean succeeded,
      double serviceSeconds,
      double loadSeconds) {
    profiles.learn(
        new Observation(
            key(group, pool, truth.backend(variant)),
            succeeded,
            succeeded ? OptionalDouble.of(serviceSeconds) : OptionalDouble.empty(),
            OptionalDouble.empty(),
            succeeded && loadSeconds > 0 ? OptionalDouble.of(loadSeconds) : OptionalDouble.empty(),
            OptionalLong.empty()));
    version++;
    var family = truth.workload().models().get(group).family();
    for (int of = 0; of < rows.length; of++) {
      if (truth.workload().models().get(of).family() == family) {
        Arrays.fill(rows[of], null);
      }
    }
  }

  private Row row(int group, int pool) {
    Row row = rows[group][pool];
    if (row == null) {
      row = estimate(group, pool);
      rows[group][pool] = row;
    }
    if (row.triesVersion != tries.version()) {
      row.triesVersion = tries.version();
      choose(row, pool);
    }
    return row;
  }

  private Row estimate(int group, int pool) {
    Row row = new Row();
    for (int backend = 0; backend < truth.backends().size(); backend++) {
      if (truth.serviceSeconds(group, pool, backend) < Double.POSITIVE_INFINITY) {
        ProfileKey key = key(group, pool, backend);
        var service = profiles.serviceSeconds(key);
        row.backends.add(
            new Expected(
                service.typical(),
                profiles.loadSeconds(key).typical(),
                truth.variant(group, backend),
                service.relativeError(),
                profiles.successRatio(key)));
      }
    }
    return row;
  }

  /** Of the backends the most promising: one that may well be better is tried, as in production. */
  private void choose(Row row, int pool) {
    double mostPromising = Double.POSITIVE_INFINITY;
    for (Expected backend : row.backends) {
      double error = tries.error(backend.error(), pool, backend.variant());
      double hopeful = backend.serviceSeconds() * StrictMath.exp(-error);
      if (hopeful < mostPromising) {
        mostPromising = hopeful;
        row.best = backend;
        row.error = error;
      }
    }
  }

  /** The class stands in for the version: profiles are learned for each. */
  private ProfileKey key(int group, int pool, int backend) {
    SimulatedModel model = truth.workload().models().get(group);
    BrowserClass browsers = truth.workload().browsers().get(pool);
    Backend on = truth.backends().get(backend);
    return new ProfileKey(
        model.name(),
        model.family(),
        browsers.kind(),
        browsers.name(),
        on,
        Hardware.of(on, Optional.empty()));
  }

  @Override
  public double serviceSeconds(int group, int pool) {
    return row(group, pool).best.serviceSeconds();
  }

  @Override
  public double loadSeconds(int group, int pool) {
    return row(group, pool).best.loadSeconds();
  }

  @Override
  public int variant(int group, int pool) {
    return row(group, pool).best.variant();
  }

  @Override
  public double relativeError(int group, int pool) {
    return row(group, pool).error;
  }

  @Override
  public double observations(int group) {
    return profiles.observations(truth.workload().models().get(group).name());
  }

  @Override
  public double successRatio(int group, int pool) {
    return row(group, pool).best.success();
  }

  @Override
  public long version() {
    return version + tries.version();
  }
}
