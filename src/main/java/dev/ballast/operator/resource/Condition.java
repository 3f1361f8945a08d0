package dev.ballast.operator.resource;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** One condition of a resource, in the form all of Kubernetes uses. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
    @Required
        @Size(max = 316)
        @JsonPropertyDescription("Complete, Failed, Suspended, Ready, Progressing or Degraded.")
        String type,
    @Required @JsonPropertyDescription("True, False or Unknown.") Status status,
    @Nullable @JsonPropertyDescription("Generation of the spec that the condition was judged by.")
        Long observedGeneration,
    @Required @JsonPropertyDescription("When the status last changed, RFC 3339.")
        String lastTransitionTime,
    @Required
        @Size(max = 1024)
        @JsonPropertyDescription("A word for machines: why the condition has this status.")
        String reason,
    @Required @Size(max = 32768) @JsonPropertyDescription("A sentence for people; may be empty.")
        String message) {

  /** Whether the condition holds. */
  public enum Status {
    @JsonProperty("True")
    TRUE,
    @JsonProperty("False")
    FALSE,
    @JsonProperty("Unknown")
    UNKNOWN
  }
}
