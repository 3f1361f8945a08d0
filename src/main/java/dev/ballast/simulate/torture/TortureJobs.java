package dev.ballast.simulate.torture;

import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.JobSpec;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.ModelSource;
import dev.ballast.model.Requirements;
import dev.ballast.model.Requirements.HardwareAcceleration;
import dev.ballast.model.RunOptions;
import dev.ballast.model.TestModel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/** Small jobs with every limit that a job can have. */
final class TortureJobs {
  /** What a demanding job needs: more than small browsers have. */
  static final long LARGE_BYTES = 2L << 30;

  private TortureJobs() {}

  static JobSpec next(String name, RandomGenerator random) {
    boolean chosen = random.nextBoolean();
    return new JobSpec(
        "default",
        name,
        Map.of(),
        random.nextInt(2),
        1 + random.nextInt(2),
        random.nextInt(3) == 0 ? OptionalInt.of(1 + random.nextInt(3)) : OptionalInt.empty(),
        random.nextInt(10) == 0,
        List.of(model("vad", ModelFamily.AUDIO), model("net", ModelFamily.VISION)),
        chosen ? List.of(Backend.WEBGPU) : List.of(),
        random.nextInt(4) == 0 ? List.of(BrowserKind.CHROMIUM) : List.of(),
        1 + random.nextInt(4),
        RunOptions.DEFAULTS,
        random.nextInt(5) == 0
            ? new Requirements(OptionalLong.of(LARGE_BYTES), HardwareAcceleration.ANY)
            : Requirements.NONE,
        random.nextInt(3),
        random.nextInt(4) == 0 ? OptionalInt.of(random.nextInt(3)) : OptionalInt.empty(),
        random.nextInt(5) == 0
            ? Optional.of(Duration.ofSeconds(5 + random.nextInt(60)))
            : Optional.empty(),
        chosen ? List.of(Backend.WASM) : List.of());
  }

  private static TestModel model(String name, ModelFamily family) {
    return new TestModel(name, family, new ModelSource.Builtin(name), List.of());
  }
}
