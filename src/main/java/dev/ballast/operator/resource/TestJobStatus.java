package dev.ballast.operator.resource;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.PrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a job is doing. {@code completedIndexes} and {@code failedIndexes} are the durable record of
 * which tasks are done; what they measured is in the history.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TestJobStatus(
    @Nullable
        @PrinterColumn(name = "Status")
        @JsonPropertyDescription("Pending, Running, Suspended, Complete or Failed, for people.")
        String phase,
    @Nullable
        @PrinterColumn(name = "Progress")
        @JsonPropertyDescription("Ended tasks of all tasks, for people: 42/60.")
        String progress,
    @Nullable @JsonPropertyDescription("Tasks of the job.") Integer tasks,
    @Nullable @JsonPropertyDescription("Tasks in a browser now.") Integer active,
    @Nullable @JsonPropertyDescription("Tasks that wait for a browser.") Integer waiting,
    @Nullable @JsonPropertyDescription("Tasks that succeeded, whatever the verdict.")
        Integer succeeded,
    @Nullable
        @PrinterColumn(name = "Failed")
        @JsonPropertyDescription("Tasks that failed for good.")
        Integer failed,
    @Nullable
        @PrinterColumn(name = "Flagged", priority = 1)
        @JsonPropertyDescription("Succeeded tasks whose measurement is flagged.")
        Integer flagged,
    @Nullable
        @PrinterColumn(name = "Rejected", priority = 1)
        @JsonPropertyDescription("Succeeded tasks whose measurement is rejected.")
        Integer rejected,
    @Nullable
        @PrinterColumn(name = "Unplaceable")
        @JsonPropertyDescription(
            "Waiting tasks that no browser can run now; unplaceableReasons says why.")
        Integer unplaceable,
    @Nullable
        @Size(max = 32)
        @JsonPropertyDescription("Why tasks are unplaceable, most frequent first.")
        List<UnplaceableReason> unplaceableReasons,
    @Nullable
        @Size(max = 8)
        @JsonPropertyDescription("The counts of each family of models in the job.")
        List<FamilySummary> families,
    @Nullable @JsonPropertyDescription("Indexes that succeeded, as ranges: 0-41,43.")
        String completedIndexes,
    @Nullable @JsonPropertyDescription("Indexes that failed for good, as ranges: 42,44-46.")
        String failedIndexes,
    @Nullable @JsonPropertyDescription("When the first task was placed, RFC 3339.")
        String startTime,
    @Nullable @JsonPropertyDescription("When the job ended, RFC 3339.") String completionTime,
    @Nullable @JsonPropertyDescription("Generation of the spec that the status is about.")
        Long observedGeneration,
    @Nullable
        @JsonPropertyDescription(
            "Reign of the controller that wrote this; the API server refuses what an older one"
                + " writes.")
        Long epoch,
    @Nullable
        @Size(max = 16)
        @JsonPropertyDescription("Complete, Failed, Suspended and MeasurementsLost.")
        List<Condition> conditions) {

  /** How the tasks of one family of models are doing. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record FamilySummary(
      @Required @JsonPropertyDescription("The family: audio, vision, ….") String family,
      @Required @JsonPropertyDescription("Tasks of the family.") int tasks,
      @Required @JsonPropertyDescription("Tasks that succeeded.") int succeeded,
      @Required @JsonPropertyDescription("Tasks that failed for good.") int failed) {}

  /** Why some tasks cannot be placed. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record UnplaceableReason(
      @Required @JsonPropertyDescription("A stable word: no-such-browser, no-backend, ….")
          String code,
      @Required @JsonPropertyDescription("Tasks with this reason.") int tasks,
      @Required @JsonPropertyDescription("What is missing, and what would mend it.")
          String message) {}
}
