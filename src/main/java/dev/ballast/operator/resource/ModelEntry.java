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
import org.jspecify.annotations.Nullable;

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
    message = "source must be builtin:ID, an https:// URL, or the path of a file (local runs only)",
    fieldPath = ".source")
@ValidationRule(
    value = "!has(self.inputs) || self.inputs.all(a, self.inputs.exists_one(b, b.name == a.name))",
    message = "two inputs have one name",
    fieldPath = ".inputs")
public record ModelEntry(
    @Required
        @Size(max = 63)
        @Pattern(Forms.LABEL)
        @JsonPropertyDescription("Name of the model in results, unique within the job.")
        String name,
    @Required @JsonPropertyDescription("What the model is for: affinities are learned per family.")
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
    @Nullable @Size(max = 16) @JsonPropertyDescription("The inputs of a model that is not builtin.")
        List<InputEntry> inputs) {

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
}
