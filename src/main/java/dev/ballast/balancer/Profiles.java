package dev.ballast.balancer;

import dev.ballast.model.ModelFamily;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What was learned of models in browsers. Priors come first, measured results override them, recent
 * results count most. May be read by any thread while one teaches it.
 */
public final class Profiles {
  private static final double UNKNOWN_SERVICE_SECONDS = 4;
  private static final double UNKNOWN_ITERATION_SECONDS = 0.02;
  private static final double UNKNOWN_LOAD_SECONDS = 1;
  private static final double UNKNOWN_MEMORY_BYTES = 256.0 * 1024 * 1024;

  private final LogProfile service;
  private final LogProfile iteration;
  private final LogProfile load;
  private final LogProfile memory;
  private final Map<ProfileKey, Successes> successes = new HashMap<>();
  private final Map<ModelFamily, Long> versions = new EnumMap<>(ModelFamily.class);
  private final AtomicLong version = new AtomicLong();

  /** A row for people: what is known of one model in one browser. */
  public record Profile(
      ProfileKey key,
      Estimate serviceSeconds,
      Estimate iterationSeconds,
      Estimate loadSeconds,
      Estimate memoryBytes,
      double successRatio) {}

  public Profiles(Priors priors) {
    service =
        new LogProfile(UNKNOWN_SERVICE_SECONDS, priors.weight(), key -> -advantageLog(priors, key));
    iteration =
        new LogProfile(
            UNKNOWN_ITERATION_SECONDS, priors.weight(), key -> -advantageLog(priors, key));
    load = new LogProfile(UNKNOWN_LOAD_SECONDS, priors.weight(), _ -> 0);
    memory = new LogProfile(UNKNOWN_MEMORY_BYTES, priors.weight(), _ -> 0);
  }

  public synchronized void learn(Observation observation) {
    ProfileKey key = observation.key();
    versions.merge(key.family(), 1L, Long::sum);
    version.incrementAndGet();
    successes.computeIfAbsent(key, _ -> new Successes()).add(observation.succeeded());
    observation.serviceSeconds().ifPresent(seconds -> service.learn(key, seconds));
    observation.iterationSeconds().ifPresent(seconds -> iteration.learn(key, seconds));
    observation.loadSeconds().ifPresent(seconds -> load.learn(key, seconds));
    observation.memoryBytes().ifPresent(bytes -> memory.learn(key, (double) bytes));
  }

  /** Changes whenever something was learned that may change an estimate of that family. */
  public synchronized long version(ModelFamily family) {
    return versions.getOrDefault(family, 0L);
  }

  /** Changes whenever anything was learned. */
  public long version() {
    return version.get();
  }

  /** Time an attempt spends in a slot once its model is loaded, in seconds. */
  public synchronized Estimate serviceSeconds(ProfileKey key) {
    return service.estimate(key);
  }

  /** The same by the configured priors alone, in seconds. */
  public synchronized double believedServiceSeconds(ProfileKey key) {
    return service.believed(key);
  }

  /** Time of one warm inference, in seconds: what users call the speed of a browser. */
  public synchronized Estimate iterationSeconds(ProfileKey key) {
    return iteration.estimate(key);
  }

  /** Fetching and compiling the model, in seconds. */
  public synchronized Estimate loadSeconds(ProfileKey key) {
    return load.estimate(key);
  }

  /** Peak memory of an attempt, in bytes. */
  public synchronized Estimate memoryBytes(ProfileKey key) {
    return memory.estimate(key);
  }

  /** Share of attempts that succeed, 0–1, never quite either. */
  public synchronized double successRatio(ProfileKey key) {
    Successes seen = successes.get(key);
    return seen == null ? Successes.BELIEVED : seen.ratio();
  }

  /** Observations of the service time of that model in any browser, ever. */
  public synchronized long observations(String model) {
    return service.observations(model);
  }

  /** Everything that was learned, by model and browser. */
  public synchronized List<Profile> all() {
    List<Profile> rows = new ArrayList<>();
    for (ProfileKey key : successes.keySet()) {
      rows.add(
          new Profile(
              key,
              service.estimate(key),
              iteration.estimate(key),
              load.estimate(key),
              memory.estimate(key),
              successRatio(key)));
    }
    rows.sort(
        Comparator.comparing((Profile row) -> row.key().model())
            .thenComparing(row -> row.key().kind())
            .thenComparing(row -> row.key().version())
            .thenComparing(row -> row.key().backend())
            .thenComparing(row -> row.key().hardware()));
    return rows;
  }

  private static double advantageLog(Priors priors, ProfileKey key) {
    return StrictMath.log(priors.advantage(key.family(), key.kind()));
  }

  /** Decayed share of successes, beside a belief of 95 % that weighs as three observations. */
  private static final class Successes {
    static final double BELIEVED = 0.95;
    private static final double BELIEF_WEIGHT = 3;
    private static final double DECAY = 0.95;
    private double all;
    private double good;

    void add(boolean success) {
      all = all * DECAY + 1;
      good = good * DECAY + (success ? 1 : 0);
    }

    double ratio() {
      return (BELIEF_WEIGHT * BELIEVED + good) / (BELIEF_WEIGHT + all);
    }
  }
}
