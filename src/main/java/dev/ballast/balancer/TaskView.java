package dev.ballast.balancer;

import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Requirements;
import dev.ballast.model.WorkerId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a decision needs to know of a task.
 *
 * @param poolSelector labels a pool must carry
 * @param backend absent: the balancer's to choose
 * @param browser absent: the balancer's to choose
 * @param avoid workers it failed on: used again only where there is no other
 */
public record TaskView(
    String model,
    ModelFamily family,
    Map<String, String> poolSelector,
    Optional<Backend> backend,
    Optional<BrowserKind> browser,
    Requirements requirements,
    Set<WorkerId> avoid) {
  public TaskView {
    poolSelector = Map.copyOf(poolSelector);
    avoid = Set.copyOf(avoid);
  }
}
