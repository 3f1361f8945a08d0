package dev.ballast.operator.resource;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a user asks for. Names and meanings follow {@code batch/v1} Job where it has a word. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "has(self.page) || (has(self.matrix.models) && size(self.matrix.models) > 0)",
    message =
        "there is nothing to run: spec.matrix.models needs at least one model (or spec.page a page"
            + " of your own)",
    fieldPath = ".matrix")
@ValidationRule(
    value = "!has(self.page) || !has(self.matrix.models) || size(self.matrix.models) == 0",
    message = "spec.page takes the place of spec.matrix.models: remove one of them",
    fieldPath = ".page")
@ValidationRule(
    value =
        "!has(self.fallbackBackends) || self.fallbackBackends.all(a,"
            + " self.fallbackBackends.exists_one(b, b == a))",
    message = "fallbackBackends lists a backend twice; each gets one attempt only",
    fieldPath = ".fallbackBackends")
public record TestJobSpec(
    @Nullable
        @JsonPropertyDescription(
            "Which pools of the same namespace may run the job. Omitted: all of them.")
        PoolSelector poolSelector,
    @Nullable
        @Min(-1_000_000)
        @Max(1_000_000)
        @Default("0")
        @JsonPropertyDescription("Tasks of a job with a higher priority are placed first.")
        Integer priority,
    @Nullable
        @Min(1)
        @Max(JobLimits.MAX_TASKS)
        @JsonPropertyDescription("At most this many tasks of the job at a time. Omitted: no limit.")
        Integer parallelism,
    @Nullable
        @Min(1)
        @Max(1000)
        @Default("1")
        @JsonPropertyDescription("Share of the browsers among jobs of one priority.")
        Integer weight,
    @Nullable
        @Default("false")
        @JsonPropertyDescription("True: start nothing new until this is false again.")
        Boolean suspend,
    @Nullable
        @Default("{}")
        @JsonPropertyDescription("What to run: every model on every backend and browser listed.")
        Matrix matrix,
    @Nullable @JsonPropertyDescription("A test page of your own, in the place of models.")
        PageEntry page,
    @Nullable @Default("{}") @JsonPropertyDescription("How each task is measured.") Run run,
    @Nullable
        @Default("{}")
        @JsonPropertyDescription("What a task needs of a browser beyond its backend.")
        Requirements requirements,
    @Nullable
        @Min(0)
        @Max(100)
        @Default("2")
        @JsonPropertyDescription("Retries per task. Lost workers are not counted.")
        Integer backoffLimitPerIndex,
    @Nullable
        @Min(0)
        @Max(JobLimits.MAX_TASKS)
        @JsonPropertyDescription(
            "The job fails at once when more tasks than this have failed. Omitted: all tasks run.")
        Integer maxFailedIndexes,
    @Nullable
        @Min(1)
        @Max(31_536_000)
        @JsonPropertyDescription("The job fails when it has been active for this many seconds.")
        Integer activeDeadlineSeconds,
    @Nullable
        @Min(0)
        @Max(31_536_000)
        @JsonPropertyDescription(
            "The resource is deleted this many seconds after the job finished; what it measured is"
                + " kept. Omitted: never.")
        Integer ttlSecondsAfterFinished,
    @Nullable
        @Size(max = 4)
        @JsonPropertyDescription(
            "Backends that get one further attempt each, in this order, after the retries of a task"
                + " are used up.")
        List<BackendName> fallbackBackends) {

  /** Labels that a pool must carry. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record PoolSelector(
      @Nullable
          @JsonPropertyDescription("Labels a pool must carry, all of them, with these values.")
          Map<String, String> matchLabels) {}

  /** The rows and columns of a job; repetitions innermost. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value =
          "!has(self.repetitions) || (has(self.models) && size(self.models) > 1 ? size(self.models)"
              + " : 1) * (has(self.backends) && size(self.backends) > 1 ? size(self.backends) : 1)"
              + " * (has(self.browsers) && size(self.browsers) > 1 ? size(self.browsers) : 1) *"
              + " self.repetitions <= 100000",
      message =
          "models × backends × browsers × repetitions must be at most 100000 tasks; lower"
              + " repetitions, or split the job",
      fieldPath = ".repetitions")
  @ValidationRule(
      value =
          "!has(self.models) || self.models.all(a, self.models.exists_one(b, b.name == a.name))",
      message = "two models have one name; names must be unique within a job",
      fieldPath = ".models")
  @ValidationRule(
      value = "!has(self.backends) || self.backends.all(a, self.backends.exists_one(b, b == a))",
      message = "backends lists a backend twice; use repetitions to run it more often",
      fieldPath = ".backends")
  @ValidationRule(
      value = "!has(self.browsers) || self.browsers.all(a, self.browsers.exists_one(b, b == a))",
      message = "browsers lists a browser twice; use repetitions to run it more often",
      fieldPath = ".browsers")
  public record Matrix(
      @Nullable @Size(max = JobLimits.MAX_MODELS) @JsonPropertyDescription("The models to run.")
          List<ModelEntry> models,
      @Nullable
          @Size(max = 4)
          @JsonPropertyDescription(
              "The backends to run each model on. Omitted: the balancer chooses.")
          List<BackendName> backends,
      @Nullable
          @Size(max = JobLimits.MAX_BROWSERS)
          @JsonPropertyDescription(
              "Kinds of browser: one task for each (chrome, chromium, edge, firefox, …). Omitted:"
                  + " the balancer chooses.")
          List<@Size(max = 63) @Pattern(Forms.KIND) String> browsers,
      @Nullable
          @Min(1)
          @Max(JobLimits.MAX_TASKS)
          @Default("1")
          @JsonPropertyDescription("How often each combination runs.")
          Integer repetitions) {}

  /** How an attempt is measured. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value =
          "!has(self.minIterations) || !has(self.maxIterations) || self.minIterations <="
              + " self.maxIterations",
      message =
          "minIterations must not be greater than maxIterations (defaults: 10 and 200); raise"
              + " maxIterations",
      fieldPath = ".minIterations")
  @ValidationRule(
      value =
          "!has(self.maxDuration) || !has(self.timeout) || duration(self.maxDuration) <="
              + " duration(self.timeout)",
      message =
          "maxDuration must not be longer than timeout (defaults: 10s and 60s); raise timeout",
      fieldPath = ".maxDuration")
  public record Run(
      @Nullable
          @Min(0)
          @Max(100_000)
          @Default("3")
          @JsonPropertyDescription("Runs that are thrown away before sampling.")
          Integer warmupIterations,
      @Nullable
          @Min(1)
          @Max(100_000)
          @Default("10")
          @JsonPropertyDescription("Samples taken at least.")
          Integer minIterations,
      @Nullable
          @Min(1)
          @Max(100_000)
          @Default("200")
          @JsonPropertyDescription("Samples taken at most.")
          Integer maxIterations,
      @Nullable
          @Size(max = 7)
          @Pattern(Forms.PERCENT)
          @Default("\"5%\"")
          @JsonPropertyDescription(
              "Sampling ends when the 95 % interval of the median is at most this wide, in % of it.")
          String targetCiWidth,
      @Nullable
          @Size(max = 8)
          @Pattern(Forms.DURATION)
          @Default("\"10s\"")
          @JsonPropertyDescription("Sampling ends after this time, whatever its interval.")
          String maxDuration,
      @Nullable
          @Size(max = 8)
          @Pattern(Forms.DURATION)
          @Default("\"60s\"")
          @JsonPropertyDescription("An attempt is timed-out after this time, loading included.")
          String timeout,
      @Nullable
          @Default("\"Exclusive\"")
          @JsonPropertyDescription(
              "Exclusive: measured runs of one machine do not overlap. Shared: throughput first.")
          Isolation isolation) {}

  /** Whether measured runs of one machine may overlap. */
  public enum Isolation {
    @JsonProperty("Exclusive")
    EXCLUSIVE,
    @JsonProperty("Shared")
    SHARED
  }

  /** What a task needs of a browser beyond its backend. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Requirements(
      @Nullable
          @Size(max = 8)
          @Pattern(Forms.MEMORY)
          @JsonPropertyDescription("Memory the browser must have free, for example 512Mi.")
          String memory,
      @Nullable
          @Default("\"Any\"")
          @JsonPropertyDescription(
              "Required: wait for a GPU that is not emulated. Preferred: take one where there is"
                  + " one. Any: does not matter.")
          HardwareAcceleration hardwareAcceleration) {}

  /** How much a real GPU matters. */
  public enum HardwareAcceleration {
    @JsonProperty("Required")
    REQUIRED,
    @JsonProperty("Preferred")
    PREFERRED,
    @JsonProperty("Any")
    ANY
  }
}
