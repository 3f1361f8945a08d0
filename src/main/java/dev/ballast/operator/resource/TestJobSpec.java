package dev.ballast.operator.resource;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
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
        "!has(self.fallbackBackends) || self.fallbackBackends.all(a, self.fallbackBackends.exists_one(b, b == a))",
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
          "!has(self.repetitions) || (has(self.models) && size(self.models) > 1 ? size(self.models) : 1) *"
              + " (has(self.backends) && size(self.backends) > 1 ? size(self.backends) : 1) *"
              + " (has(self.browsers) && size(self.browsers) > 1 ? size(self.browsers) : 1) *"
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

  /** One row of the matrix. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value = "!self.source.startsWith('https://') || has(self.sha256)",
      message = "a model from the net needs its sha256 (sha256sum model.onnx prints it)",
      fieldPath = ".source")
  @ValidationRule(
      value = "self.source.startsWith('builtin:') || (has(self.inputs) && size(self.inputs) > 0)",
      message =
          "a model of your own needs its inputs, for example [{name: input, type: float32, shape:"
              + " [1, 3, 224, 224]}]")
  @ValidationRule(
      value = "!self.source.startsWith('builtin:') || (!has(self.inputs) && !has(self.sha256))",
      message = "a builtin model brings its own inputs and sha256; remove them")
  @ValidationRule(
      value =
          "self.source.matches('^(builtin:[a-z0-9][a-z0-9.-]*|https://[^ ]+|file:[^ ]+|[^: ]+)$')",
      message =
          "source must be builtin:ID, an https:// URL, or the path of a file (local runs only)",
      fieldPath = ".source")
  @ValidationRule(
      value =
          "!has(self.inputs) || self.inputs.all(a, self.inputs.exists_one(b, b.name == a.name))",
      message = "two inputs have one name",
      fieldPath = ".inputs")
  public record ModelEntry(
      @Required
          @Size(max = 63)
          @Pattern(Forms.LABEL)
          @JsonPropertyDescription("Name of the model in results, unique within the job.")
          String name,
      @Required
          @JsonPropertyDescription("What the model is for: affinities are learned per family.")
          FamilyName family,
      @Required
          @Size(min = 1, max = 2048)
          @JsonPropertyDescription(
              "builtin:ID of a model that Ballast ships, an https:// URL of an ONNX file (with"
                  + " sha256), or, in local runs, the path of one, relative to the job file.")
          String source,
      @Nullable
          @Size(max = 64)
          @Pattern("^[0-9a-f]{64}$")
          @JsonPropertyDescription(
              "SHA-256 of the file in lower-case hex, checked before the model is used.")
          String sha256,
      @Nullable
          @Size(max = 16)
          @JsonPropertyDescription("The inputs of a model that is not builtin.")
          List<InputEntry> inputs) {}

  /** One input tensor of a model of the user's own. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record InputEntry(
      @Required
          @Size(min = 1, max = 253)
          @JsonPropertyDescription("Name of the input in the ONNX graph.")
          String name,
      @Required @JsonPropertyDescription("Element type.") ElementType type,
      @Required
          @Size(max = 8)
          @JsonPropertyDescription("Dimensions, outermost first; empty for a scalar.")
          List<@Min(1) @Max(16_777_216) Integer> shape,
      @Nullable
          @Default("\"random\"")
          @JsonPropertyDescription(
              "zeros, ones, ramp (0, 1, 2, …) or random (seeded, uniform 0–1).")
          Fill fill) {}

  /** Element types of inputs. */
  public enum ElementType {
    @JsonProperty("float32")
    FLOAT32,
    @JsonProperty("float16")
    FLOAT16,
    @JsonProperty("int64")
    INT64,
    @JsonProperty("int32")
    INT32,
    @JsonProperty("uint8")
    UINT8,
    @JsonProperty("bool")
    BOOL
  }

  /** What an input holds. */
  public enum Fill {
    @JsonProperty("zeros")
    ZEROS,
    @JsonProperty("ones")
    ONES,
    @JsonProperty("ramp")
    RAMP,
    @JsonProperty("random")
    RANDOM
  }

  /** A page that measures itself. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value = "self.url.matches('^(https?://[^ ]+|file:[^ ]+|[^: ]+)$')",
      message = "url must be an http(s):// URL, or the path of a file (local runs only)",
      fieldPath = ".url")
  public record PageEntry(
      @Required
          @Size(max = 63)
          @Pattern(Forms.LABEL)
          @JsonPropertyDescription("Name of the page in results.")
          String name,
      @Nullable
          @Default("\"other\"")
          @JsonPropertyDescription("What the page tests: affinities are learned per family.")
          FamilyName family,
      @Required
          @Size(min = 1, max = 2048)
          @JsonPropertyDescription(
              "URL of the page; in local runs also the path of a file, relative to the job file.")
          String url) {}

  /** How an attempt is measured. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value =
          "!has(self.minIterations) || !has(self.maxIterations) || self.minIterations <= self.maxIterations",
      message =
          "minIterations must not be greater than maxIterations (defaults: 10 and 200); raise"
              + " maxIterations",
      fieldPath = ".minIterations")
  @ValidationRule(
      value =
          "!has(self.maxDuration) || !has(self.timeout) || duration(self.maxDuration) <= duration(self.timeout)",
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
              "Sampling ends when the 95 % interval of the mean is at most this wide, in % of the"
                  + " mean.")
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
