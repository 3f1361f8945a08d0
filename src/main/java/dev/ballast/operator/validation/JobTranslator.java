package dev.ballast.operator.validation;

import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.JobSpec;
import dev.ballast.model.Requirements;
import dev.ballast.model.RunOptions;
import dev.ballast.model.TestModel;
import dev.ballast.operator.resource.BackendName;
import dev.ballast.operator.resource.TestJob;
import dev.ballast.operator.resource.TestJobSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Turns a valid {@link TestJob} into the model's {@link JobSpec}, and looks up what it names: model
 * files and builtin models. A field that is absent has the default of its CRD.
 */
public final class JobTranslator {
  private final List<String> builtinModels;

  /** {@code builtinModels}: the ids that {@code source: builtin:ID} may name. */
  public JobTranslator(Collection<String> builtinModels) {
    this.builtinModels = builtinModels.stream().sorted().toList();
  }

  /** Translates a job whose files are sought below {@code baseDirectory}, as local runs do. */
  public Translation translate(TestJob job, Path baseDirectory) {
    return translate(job, Optional.of(baseDirectory), Origin.NONE);
  }

  /**
   * Translates a job.
   *
   * @param baseDirectory where relative paths begin; absent (in a cluster): files are refused
   * @param origin for the lines in problems
   */
  public Translation translate(TestJob job, Optional<Path> baseDirectory, Origin origin) {
    TestJobSpec spec = job.getSpec();
    TestJobSpec.Matrix matrix =
        Absent.or(spec.matrix(), new TestJobSpec.Matrix(null, null, null, null));
    JobSources sources = new JobSources(builtinModels, baseDirectory, origin);
    List<TestModel> models = sources.models(spec, matrix);
    if (!sources.problems().isEmpty()) {
      return new Translation.Refused(sources.problems());
    }
    try {
      return new Translation.Translated(spec(job, spec, matrix, models));
    } catch (IllegalArgumentException e) {
      return new Translation.Refused(
          List.of(origin.problem("spec", String.valueOf(e.getMessage()), "")));
    }
  }

  private static JobSpec spec(
      TestJob job, TestJobSpec spec, TestJobSpec.Matrix matrix, List<TestModel> models) {
    TestJobSpec.PoolSelector selector = spec.poolSelector();
    return new JobSpec(
        Absent.or(job.getMetadata().getNamespace(), "default"),
        job.getMetadata().getName(),
        selector == null ? Map.of() : Absent.or(selector.matchLabels(), Map.of()),
        Absent.or(spec.priority(), 0),
        Absent.or(spec.weight(), 1),
        optional(spec.parallelism()),
        Absent.or(spec.suspend(), false),
        models,
        backends(matrix.backends()),
        Absent.or(matrix.browsers(), List.<String>of()).stream().map(BrowserKind::new).toList(),
        Absent.or(matrix.repetitions(), 1),
        run(spec.run()),
        requirements(spec.requirements()),
        Absent.or(spec.backoffLimitPerIndex(), 2),
        optional(spec.maxFailedIndexes()),
        Optional.ofNullable(spec.activeDeadlineSeconds()).map(Duration::ofSeconds),
        backends(spec.fallbackBackends()));
  }

  static RunOptions run(TestJobSpec.@Nullable Run run) {
    RunOptions defaults = RunOptions.DEFAULTS;
    if (run == null) {
      return defaults;
    }
    return new RunOptions(
        Absent.or(run.warmupIterations(), defaults.warmupIterations()),
        Absent.or(run.minIterations(), defaults.minIterations()),
        Absent.or(run.maxIterations(), defaults.maxIterations()),
        Optional.ofNullable(run.targetCiWidth())
            .map(Units::ratio)
            .orElse(defaults.targetCiWidthRatio()),
        Optional.ofNullable(run.maxDuration()).map(Units::duration).orElse(defaults.maxDuration()),
        Optional.ofNullable(run.timeout()).map(Units::duration).orElse(defaults.timeout()),
        switch (Absent.or(run.isolation(), TestJobSpec.Isolation.EXCLUSIVE)) {
          case EXCLUSIVE -> RunOptions.Isolation.EXCLUSIVE;
          case SHARED -> RunOptions.Isolation.SHARED;
        });
  }

  private static Requirements requirements(TestJobSpec.@Nullable Requirements requirements) {
    if (requirements == null) {
      return Requirements.NONE;
    }
    String memory = requirements.memory();
    return new Requirements(
        memory == null ? OptionalLong.empty() : OptionalLong.of(Units.bytes(memory)),
        switch (Absent.or(
            requirements.hardwareAcceleration(), TestJobSpec.HardwareAcceleration.ANY)) {
          case REQUIRED -> Requirements.HardwareAcceleration.REQUIRED;
          case PREFERRED -> Requirements.HardwareAcceleration.PREFERRED;
          case ANY -> Requirements.HardwareAcceleration.ANY;
        });
  }

  private static List<Backend> backends(@Nullable List<BackendName> names) {
    return Absent.or(names, List.<BackendName>of()).stream().map(BackendName::backend).toList();
  }

  private static OptionalInt optional(@Nullable Integer value) {
    return value == null ? OptionalInt.empty() : OptionalInt.of(value);
  }
}
