package dev.ballast.operator.resource;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.crd.generator.annotation.PrinterColumn;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the workers of a pool are, and how many of them. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "!has(self.image) || !has(self.version)",
    message = "version is the tag of the default image: remove version, or image",
    fieldPath = ".version")
@ValidationRule(
    value = "has(self.image) || self.browser in ['chrome', 'chromium', 'edge', 'firefox']",
    message =
        "only chrome, chromium, edge and firefox have a default image; correct browser, or name an"
            + " image that speaks WebDriver in spec.image",
    fieldPath = ".browser")
@ValidationRule(
    value =
        "!has(self.imagePullSecrets) || self.imagePullSecrets.all(s,"
            + " self.imagePullSecrets.exists_one(other, other.name == s.name))",
    message = "imagePullSecrets names a Secret twice; once is enough",
    fieldPath = ".imagePullSecrets")
public record BrowserPoolSpec(
    @Required
        @Size(max = 63)
        @Pattern(Forms.KIND)
        @PrinterColumn(name = "Browser")
        @JsonPropertyDescription("Kind of browser: chrome, chromium, edge, firefox, ….")
        String browser,
    @Nullable
        @Size(max = 128)
        @Pattern("^[A-Za-z0-9_][A-Za-z0-9_.-]*$")
        @JsonPropertyDescription(
            "Tag of the default image of that kind. Omitted: the controller's --browser-version,"
                + " latest where it names none.")
        String version,
    @Nullable
        @Size(min = 1, max = 512)
        @Pattern("^[^ ]+$")
        @JsonPropertyDescription("Image with a browser that speaks WebDriver on port 4444.")
        String image,
    @Nullable
        @JsonPropertyDescription(
            "When nodes pull the browser's image: Always, IfNotPresent or Never. Omitted: Always for"
                + " the tag latest, else IfNotPresent.")
        PullPolicy imagePullPolicy,
    @Nullable
        @Size(max = 16)
        @JsonPropertyDescription("Secrets that the images of browser and agent are pulled with.")
        List<SecretRef> imagePullSecrets,
    @Nullable
        @SpecReplicas
        @Min(0)
        @Max(1000)
        @Default("1")
        @JsonPropertyDescription(
            "Workers. Written by you, by an autoscaler through the scale subresource, or by Ballast"
                + " when autoscaling.mode is Auto.")
        Integer replicas,
    @Nullable
        @Min(1)
        @Max(64)
        @Default("1")
        @JsonPropertyDescription("Tasks at a time in each browser; a worker owns one browser.")
        Integer slots,
    @Nullable
        @Size(max = 64)
        @JsonPropertyDescription(
            "Arguments of the browser (--enable-unsafe-webgpu), or preferences"
                + " (dom.webgpu.enabled=true).")
        List<@Size(min = 1, max = 1024) String> arguments,
    @Nullable
        @JsonPropertyDescription(
            "Merged over the generated pod: nodeSelector, tolerations, runtimeClassName, resources.")
        PodTemplate podTemplate,
    @Nullable
        @Default("{}")
        @JsonPropertyDescription("Whether and how Ballast sets the number of workers.")
        Autoscaling autoscaling,
    @Nullable
        @Default("{}")
        @JsonPropertyDescription("When a failing browser gets no further tasks for a while.")
        CircuitBreaker circuitBreaker,
    @Nullable
        @Default("{}")
        @JsonPropertyDescription(
            "When a worker is drained and replaced, although it is as the spec has it.")
        Recycle recycle,
    @Nullable
        @JsonPropertyDescription("What workers show to the servers that models are fetched from.")
        ModelCredentials modelCredentials,
    @Nullable
        @Size(max = 8)
        @Pattern(Forms.DURATION_OR_ZERO)
        @Default("\"10m\"")
        @JsonPropertyDescription(
            "How long a worker that must go may finish what runs; then its tasks are queued again.")
        String drainTimeout) {

  /** A part of a pod, merged over the generated one. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record PodTemplate(
      @Nullable @JsonPropertyDescription("Labels and annotations of the pods.")
          PodMetadata metadata,
      @Nullable
          @PreserveUnknownFields
          @JsonPropertyDescription(
              "Parts of a PodSpec, merged strategically (containers by name: the browser's is"
                  + " browser).")
          JsonNode spec) {}

  /** Labels and annotations of the pods. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record PodMetadata(
      @Nullable @JsonPropertyDescription("Further labels.") Map<String, String> labels,
      @Nullable @JsonPropertyDescription("Further annotations.") Map<String, String> annotations) {}

  /** Whether and how Ballast sets the number of workers. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value =
          "!has(self.minReplicas) || !has(self.maxReplicas) || self.minReplicas <= self.maxReplicas",
      message = "minReplicas must not be greater than maxReplicas (defaults: 0 and 20)",
      fieldPath = ".minReplicas")
  @ValidationRule(
      value = "!has(self.horizon) || duration(self.horizon) <= duration('2m')",
      message = "horizon must be at most 2m, as far as a forecast looks; lower horizon",
      fieldPath = ".horizon")
  public record Autoscaling(
      @Nullable
          @Default("\"Manual\"")
          @JsonPropertyDescription(
              "Manual: replicas is yours. Recommend: a recommendation in the status. Auto: Ballast"
                  + " writes replicas.")
          Mode mode,
      @Nullable
          @Min(0)
          @Max(1000)
          @Default("0")
          @JsonPropertyDescription("Never fewer workers than this.")
          Integer minReplicas,
      @Nullable
          @Min(1)
          @Max(1000)
          @Default("20")
          @JsonPropertyDescription("Never more workers than this.")
          Integer maxReplicas,
      @Nullable
          @Size(max = 7)
          @Pattern(Forms.PERCENT)
          @Default("\"75%\"")
          @JsonPropertyDescription(
              "Share of busy slots to aim at; fewer are busy where tasks would wait too long"
                  + " otherwise.")
          String targetUtilization,
      @Nullable
          @Size(max = 8)
          @Pattern(Forms.DURATION)
          @Default("\"60s\"")
          @JsonPropertyDescription(
              "How far the forecast looks ahead, at most 2m; farther, if workers take longer to"
                  + " come up.")
          String horizon,
      @Nullable
          @Size(max = 8)
          @Pattern(Forms.DURATION_OR_ZERO)
          @Default("\"120s\"")
          @JsonPropertyDescription("Fewer workers must have been enough for this long.")
          String scaleDownStabilization) {}

  /** When nodes pull an image, as a container of a pod has it. */
  public enum PullPolicy {
    @JsonProperty("Always")
    ALWAYS("Always"),
    @JsonProperty("IfNotPresent")
    IF_NOT_PRESENT("IfNotPresent"),
    @JsonProperty("Never")
    NEVER("Never");

    private final String label;

    PullPolicy(String label) {
      this.label = label;
    }

    /** As a pod has it. */
    public String label() {
      return label;
    }
  }

  /** Who sets the number of workers. */
  public enum Mode {
    @JsonProperty("Manual")
    MANUAL,
    @JsonProperty("Recommend")
    RECOMMEND,
    @JsonProperty("Auto")
    AUTO
  }

  /** When a failing browser gets no further tasks for a while. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record CircuitBreaker(
      @Nullable
          @Size(max = 7)
          @Pattern(Forms.PERCENT)
          @Default("\"50%\"")
          @JsonPropertyDescription("Opens when this share of the last attempts failed.")
          String failureRatio,
      @Nullable
          @Min(1)
          @Max(10_000)
          @Default("10")
          @JsonPropertyDescription("Judges after this many attempts at least.")
          Integer requestVolumeThreshold,
      @Nullable
          @Size(max = 8)
          @Pattern(Forms.DURATION)
          @Default("\"30s\"")
          @JsonPropertyDescription("Stays open this long, then lets one attempt through.")
          String delay) {}

  /** What workers show to the servers that models are fetched from. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ModelCredentials(
      @Required
          @JsonPropertyDescription(
              "A Secret of the pool's namespace: its keys are names of hosts, its values what is sent"
                  + " to that host as Authorization, for example Bearer TOKEN.")
          SecretRef secretRef) {}

  /** A Secret of the same namespace. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record SecretRef(
      @Required
          @Size(min = 1, max = 253)
          @Pattern("^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$")
          @JsonPropertyDescription("Name of the Secret.")
          String name) {}

  /** When a worker is drained and replaced. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Recycle(
      @Nullable
          @Min(1)
          @Max(1_000_000)
          @Default("500")
          @JsonPropertyDescription("After this many tasks.")
          Integer afterTasks,
      @Nullable
          @Size(max = 8)
          @Pattern(Forms.MEMORY)
          @Default("\"512Mi\"")
          @JsonPropertyDescription(
              "When its browser has grown by this much with the same models loaded.")
          String memoryGrowth) {}
}
