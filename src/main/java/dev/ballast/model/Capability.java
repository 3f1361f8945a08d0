package dev.ballast.model;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a worker's probe page found in its browser. Probed, never assumed from the kind.
 *
 * @param backends the backends that computed a probe correctly there
 * @param adapter the WebGPU adapter, absent where there is none
 * @param webnnDevices device types whose context ran the probe's nodes ({@code cpu}, {@code gpu},
 *     {@code npu})
 * @param timerResolutionMillis smallest step seen of {@code performance.now()}
 * @param memoryBytes memory the browser may use on its machine
 */
public record Capability(
    List<Backend> backends,
    Optional<Adapter> adapter,
    List<String> webnnDevices,
    boolean wasmSimd,
    boolean wasmThreads,
    boolean crossOriginIsolated,
    OptionalDouble timerResolutionMillis,
    OptionalLong memoryBytes) {
  public Capability {
    backends = List.copyOf(backends);
    webnnDevices = List.copyOf(webnnDevices);
  }
}
