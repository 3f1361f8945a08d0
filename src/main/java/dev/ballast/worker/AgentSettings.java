package dev.ballast.worker;

import dev.ballast.model.WorkerId;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What one worker is told at its start.
 *
 * @param machine tells machines apart; workers of one machine share the turn of measuring
 * @param slots attempts at a time, ≥ 1
 * @param browserMemoryBytes memory its browser may use; absent where unknown
 * @param modelMemoryBytes budget of models that stay loaded in one window
 * @param longPoll how long an exchange may be held back by the controller
 */
public record AgentSettings(
    WorkerId worker,
    String pool,
    Map<String, String> poolLabels,
    String machine,
    String node,
    String os,
    int slots,
    OptionalLong browserMemoryBytes,
    long modelMemoryBytes,
    Duration longPoll) {
  public AgentSettings {
    poolLabels = Map.copyOf(poolLabels);
    if (slots < 1) {
      throw new IllegalArgumentException("slots (%d) must be at least 1".formatted(slots));
    }
  }
}
