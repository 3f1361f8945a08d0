package dev.ballast.operator.validation;

import dev.ballast.model.BrowserKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a {@code BrowserPool} comes to: every default filled in, every unit read. */
public record PoolSettings(
    String namespace,
    String name,
    Map<String, String> labels,
    BrowserKind browser,
    Optional<String> version,
    Optional<String> image,
    Optional<String> imagePullPolicy,
    List<String> imagePullSecrets,
    int replicas,
    int slots,
    List<String> arguments,
    Autoscaling autoscaling,
    CircuitBreaker circuitBreaker,
    Recycle recycle,
    Optional<String> modelSecret,
    Duration drainTimeout) {

  public PoolSettings {
    labels = Map.copyOf(labels);
    imagePullSecrets = List.copyOf(imagePullSecrets);
    arguments = List.copyOf(arguments);
  }

  /** Who sets the number of workers, and within which bounds. */
  public record Autoscaling(
      Mode mode,
      int minReplicas,
      int maxReplicas,
      double targetUtilizationRatio,
      Duration horizon,
      Duration scaleDownStabilization) {

    /** {@code RECOMMEND} only says what {@code AUTO} would do. */
    public enum Mode {
      MANUAL,
      RECOMMEND,
      AUTO
    }
  }

  /** When a failing browser gets no further tasks, and for how long. */
  public record CircuitBreaker(double failureRatio, int requestVolumeThreshold, Duration delay) {}

  /** When a browser is restarted between tasks. */
  public record Recycle(int afterTasks, long memoryGrowthBytes) {}
}
