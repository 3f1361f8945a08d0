package dev.ballast.worker;

import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.JobSpec;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.ModelInput;
import dev.ballast.model.ModelSource;
import dev.ballast.model.Requirements;
import dev.ballast.model.RunOptions;
import dev.ballast.model.RunOptions.Isolation;
import dev.ballast.model.TestModel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** A job of one model, with a target that any few samples reach, until something else is asked. */
record TestingJob(
    ModelSource source,
    List<ModelInput> inputs,
    Backend backend,
    List<BrowserKind> browsers,
    int repetitions,
    RunOptions run) {
  private static final RunOptions EASY =
      new RunOptions(
          3, 10, 400, 1, Duration.ofSeconds(1), Duration.ofSeconds(60), Isolation.EXCLUSIVE);

  static TestingJob of(ModelSource source) {
    return new TestingJob(source, List.of(), Backend.WASM, List.of(), 1, EASY);
  }

  static TestingJob builtin(String id) {
    return of(new ModelSource.Builtin(id));
  }

  TestingJob on(Backend other) {
    return new TestingJob(source, inputs, other, browsers, repetitions, run);
  }

  TestingJob fed(ModelInput... others) {
    return new TestingJob(source, List.of(others), backend, browsers, repetitions, run);
  }

  TestingJob in(String... kinds) {
    List<BrowserKind> others = Arrays.stream(kinds).map(BrowserKind::new).toList();
    return new TestingJob(source, inputs, backend, others, repetitions, run);
  }

  TestingJob times(int others) {
    return new TestingJob(source, inputs, backend, browsers, others, run);
  }

  TestingJob run(RunOptions other) {
    return new TestingJob(source, inputs, backend, browsers, repetitions, other);
  }

  TestingJob warmups(int n) {
    return run(
        new RunOptions(
            n,
            run.minIterations(),
            run.maxIterations(),
            run.targetCiWidthRatio(),
            run.maxDuration(),
            run.timeout(),
            run.isolation()));
  }

  TestingJob iterations(int min, int max) {
    return run(
        new RunOptions(
            run.warmupIterations(),
            min,
            max,
            run.targetCiWidthRatio(),
            run.maxDuration(),
            run.timeout(),
            run.isolation()));
  }

  TestingJob target(double ratio, Duration maxDuration, Isolation isolation) {
    return run(
        new RunOptions(
            run.warmupIterations(),
            run.minIterations(),
            100_000,
            ratio,
            maxDuration,
            run.timeout(),
            isolation));
  }

  JobSpec spec() {
    return new JobSpec(
        "default",
        "job",
        Map.of(),
        0,
        1,
        OptionalInt.empty(),
        false,
        List.of(new TestModel("model", ModelFamily.OTHER, source, inputs)),
        List.of(backend),
        browsers,
        repetitions,
        run,
        Requirements.NONE,
        0,
        OptionalInt.empty(),
        Optional.empty(),
        List.of());
  }
}
