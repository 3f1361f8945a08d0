package dev.ballast.dispatch;

import dev.ballast.model.Adapter;
import dev.ballast.model.AttemptId;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserInstance;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.BrowserMetrics;
import dev.ballast.model.Capability;
import dev.ballast.model.JobSpec;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.ModelSource;
import dev.ballast.model.Outcome;
import dev.ballast.model.Phases;
import dev.ballast.model.Requirements;
import dev.ballast.model.RunOptions;
import dev.ballast.model.Summary;
import dev.ballast.model.TestModel;
import dev.ballast.model.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.NullMarked;

/** Ordinary values for tests that care about one thing in them. */
@NullMarked
public final class Examples {
  private Examples() {}

  public static TestModel model(String name, ModelFamily family) {
    return new TestModel(name, family, new ModelSource.Builtin(name), List.of());
  }

  /** A job of one audio model on WebAssembly, in any browser, without retries. */
  public static Job job(String name) {
    return new Job(
        new JobSpec(
            "default",
            name,
            Map.of(),
            0,
            1,
            OptionalInt.empty(),
            false,
            List.of(model("vad", ModelFamily.AUDIO)),
            List.of(Backend.WASM),
            List.of(),
            1,
            RunOptions.DEFAULTS,
            Requirements.NONE,
            0,
            OptionalInt.empty(),
            Optional.empty(),
            List.of()));
  }

  /** A job in the making. */
  public record Job(JobSpec spec) {
    public Job repetitions(int n) {
      return with(f -> f.repetitions = n);
    }

    public Job models(TestModel... models) {
      return with(f -> f.models = List.of(models));
    }

    public Job browsers(BrowserKind... browsers) {
      return with(f -> f.browsers = List.of(browsers));
    }

    public Job backends(Backend... backends) {
      return with(f -> f.backends = List.of(backends));
    }

    public Job retries(int n) {
      return with(f -> f.backoffLimitPerIndex = n);
    }

    public Job fallbacks(Backend... backends) {
      return with(f -> f.fallbackBackends = List.of(backends));
    }

    public Job parallelism(int n) {
      return with(f -> f.parallelism = OptionalInt.of(n));
    }

    public Job priority(int n) {
      return with(f -> f.priority = n);
    }

    public Job weight(int n) {
      return with(f -> f.weight = n);
    }

    public Job suspended() {
      return with(f -> f.suspend = true);
    }

    public Job deadline(Duration deadline) {
      return with(f -> f.activeDeadline = Optional.of(deadline));
    }

    public Job maxFailed(int n) {
      return with(f -> f.maxFailedIndexes = OptionalInt.of(n));
    }

    public Job requirements(Requirements requirements) {
      return with(f -> f.requirements = requirements);
    }

    public Job poolSelector(Map<String, String> labels) {
      return with(f -> f.poolSelector = labels);
    }

    private Job with(java.util.function.Consumer<Fields> change) {
      Fields fields = new Fields(spec);
      change.accept(fields);
      return new Job(fields.build());
    }
  }

  private static final class Fields {
    final JobSpec spec;
    Map<String, String> poolSelector;
    int priority;
    int weight;
    OptionalInt parallelism;
    boolean suspend;
    List<TestModel> models;
    List<Backend> backends;
    List<BrowserKind> browsers;
    int repetitions;
    Requirements requirements;
    int backoffLimitPerIndex;
    OptionalInt maxFailedIndexes;
    Optional<Duration> activeDeadline;
    List<Backend> fallbackBackends;

    Fields(JobSpec spec) {
      this.spec = spec;
      poolSelector = spec.poolSelector();
      priority = spec.priority();
      weight = spec.weight();
      parallelism = spec.parallelism();
      suspend = spec.suspend();
      models = spec.models();
      backends = spec.backends();
      browsers = spec.browsers();
      repetitions = spec.repetitions();
      requirements = spec.requirements();
      backoffLimitPerIndex = spec.backoffLimitPerIndex();
      maxFailedIndexes = spec.maxFailedIndexes();
      activeDeadline = spec.activeDeadline();
      fallbackBackends = spec.fallbackBackends();
    }

    JobSpec build() {
      return new JobSpec(
          spec.namespace(),
          spec.name(),
          poolSelector,
          priority,
          weight,
          parallelism,
          suspend,
          models,
          backends,
          browsers,
          repetitions,
          spec.run(),
          requirements,
          backoffLimitPerIndex,
          maxFailedIndexes,
          activeDeadline,
          fallbackBackends);
    }
  }

  public static Capability capability(List<Backend> backends, boolean software, long memoryBytes) {
    return new Capability(
        backends,
        Optional.of(new Adapter("acme", "gen1", "Acme GPU", software)),
        List.of(),
        true,
        true,
        true,
        OptionalDouble.of(0.1),
        OptionalLong.of(memoryBytes));
  }

  public static BrowserMetrics idle() {
    return idleWith(List.of());
  }

  /** The same for a browser that has loaded these models. */
  public static BrowserMetrics idleWith(List<String> resident) {
    return new BrowserMetrics(
        OptionalDouble.empty(), OptionalLong.empty(), 0, resident, 0, Duration.ofMinutes(1), true);
  }

  public static BrowserInstance browser(BrowserKind kind) {
    return new BrowserInstance(kind, "1.0", kind + "-1", List.of());
  }

  /** The result of an attempt whose warm runs took {@code millis} in all. */
  public static AttemptResult result(
      AttemptId attempt,
      TestModel model,
      Backend backend,
      BrowserInstance browser,
      String worker,
      Outcome outcome,
      Instant startedAt,
      double millis) {
    boolean succeeded = outcome == Outcome.SUCCEEDED;
    return new AttemptResult(
        AttemptResult.SCHEMA,
        "default",
        "?",
        attempt.task().job(),
        attempt.task().index(),
        attempt.number(),
        attempt.epoch(),
        new AttemptResult.Model(model.name(), model.family(), null),
        null,
        new AttemptResult.Backends(backend, backend),
        browser,
        new Adapter("acme", "gen1", "Acme GPU", false),
        worker,
        null,
        null,
        startedAt,
        new Phases(0, 0, 0, 0, 0, 0, 0, millis, 0, 0),
        millis,
        true,
        List.of(),
        null,
        succeeded ? Summary.of(new double[] {millis / 10}) : null,
        null,
        null,
        outcome,
        null,
        null,
        Verdict.TRUSTED);
  }

  /** The same with another verdict, for tests of what may teach. */
  public static AttemptResult change(AttemptResult result, UnaryOperator<Verdict> verdict) {
    return new AttemptResult(
        result.schema(),
        result.namespace(),
        result.job(),
        result.uid(),
        result.index(),
        result.attempt(),
        result.epoch(),
        result.model(),
        result.runtime(),
        result.backend(),
        result.browser(),
        result.adapter(),
        result.worker(),
        result.node(),
        result.os(),
        result.startedAt(),
        result.phases(),
        result.wall(),
        result.warmStart(),
        result.samples(),
        result.sampling(),
        result.summary(),
        result.peakMemoryBytes(),
        result.correctness(),
        result.outcome(),
        result.code(),
        result.message(),
        verdict.apply(result.verdict()));
  }
}
