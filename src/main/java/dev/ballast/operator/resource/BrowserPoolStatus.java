package dev.ballast.operator.resource;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.PrinterColumn;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a pool is doing. What is unknown is absent, never 0. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BrowserPoolStatus(
    @Nullable
        @StatusReplicas
        @PrinterColumn(name = "Workers")
        @JsonPropertyDescription("Workers that exist.")
        Integer replicas,
    @Nullable
        @PrinterColumn(name = "Ready")
        @JsonPropertyDescription("Workers whose browser takes tasks.")
        Integer readyReplicas,
    @Nullable @JsonPropertyDescription("Workers that are as the spec has them now.")
        Integer updatedReplicas,
    @Nullable
        @JsonPropertyDescription(
            "Workers that joined from outside the cluster; Ballast neither counts nor deletes"
                + " them.")
        Integer externalReplicas,
    @Nullable
        @PrinterColumn(name = "Busy")
        @JsonPropertyDescription("Slots with a task, over all browsers.")
        Integer busySlots,
    @Nullable @PrinterColumn(name = "Slots") @JsonPropertyDescription("Slots of all browsers.")
        Integer totalSlots,
    @Nullable
        @PrinterColumn(name = "Queued")
        @JsonPropertyDescription("Tasks that have not begun and that this pool could run.")
        Integer queuedTasks,
    @Nullable
        @PrinterColumn(name = "Utilization")
        @JsonPropertyDescription("Share of slot time in use lately, for example 75%.")
        String utilization,
    @Nullable
        @PrinterColumn(name = "Forecast", priority = 1)
        @JsonPropertyDescription("Share of slot time expected at the horizon.")
        String forecast,
    @Nullable
        @PrinterColumn(name = "Recommended", priority = 1)
        @JsonPropertyDescription("Workers the forecast asks for.")
        Integer recommendedReplicas,
    @Nullable
        @PrinterColumn(name = "Breaker")
        @JsonPropertyDescription("Closed, HalfOpen or Open: whether the pool gets tasks.")
        String breaker,
    @Nullable
        @PrinterColumn(name = "Version", priority = 1)
        @JsonPropertyDescription("Version that the browsers report.")
        String browserVersion,
    @Nullable @JsonPropertyDescription("Hardware that the browsers report: adapter, backends.")
        String hardware,
    @Nullable
        @LabelSelector
        @JsonPropertyDescription("Selects the pods of the pool, for autoscalers.")
        String selector,
    @Nullable @JsonPropertyDescription("Generation of the spec that the status is about.")
        Long observedGeneration,
    @Nullable
        @JsonPropertyDescription(
            "Reign of the controller that wrote this; the API server refuses what an older one"
                + " writes.")
        Long epoch,
    @Nullable @Size(max = 16) @JsonPropertyDescription("Ready, Progressing and Degraded.")
        List<Condition> conditions) {}
