package dev.ballast.operator;

import dev.ballast.operator.pool.WorkerPods;
import java.time.Duration;
import java.util.Set;

/**
 * What an operator is told at its start.
 *
 * @param namespaces where it looks for pools and jobs; empty: everywhere
 * @param workers what all pods have in common
 * @param instance which of the controller's replicas this is, for Events
 * @param lease a worker that was not heard of for this long is lost
 * @param interval how often the status of something that changes all the time is written at most
 */
public record OperatorSettings(
    Set<String> namespaces,
    WorkerPods workers,
    String instance,
    Duration lease,
    Duration interval) {
  public OperatorSettings {
    namespaces = Set.copyOf(namespaces);
  }

  boolean watches(String namespace) {
    return namespaces.isEmpty() || namespaces.contains(namespace);
  }
}
