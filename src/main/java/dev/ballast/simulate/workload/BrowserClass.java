package dev.ballast.simulate.workload;

import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import java.util.List;

/**
 * Browsers that are alike.
 *
 * @param count how many
 * @param slots tasks at a time, in each
 * @param memoryMiB for models, in each
 */
public record BrowserClass(
    String name, BrowserKind kind, int count, int slots, double memoryMiB, List<Backend> backends) {
  public BrowserClass {
    backends = List.copyOf(backends);
  }
}
