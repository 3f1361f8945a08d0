package dev.ballast.balancer;

import dev.ballast.model.Backend;
import dev.ballast.model.Requirements.HardwareAcceleration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What no score may outweigh: allowed pools and browsers, probed backend, memory, required
 * hardware, open breakers. Asked in this order, so that the reason given is the first that leaves
 * no browser.
 */
final class Constraints {
  /** A browser, and a backend in it. */
  record Pair(BrowserView browser, Backend backend) {}

  sealed interface Answer {
    record Allowed(List<Pair> pairs) implements Answer {}

    record Blocked(WaitReason reason) implements Answer {}
  }

  private Constraints() {}

  static Answer check(TaskView task, Fleet fleet) {
    List<BrowserView> inPool =
        keep(
            fleet.browsers(),
            browser -> browser.poolLabels().entrySet().containsAll(task.poolSelector().entrySet()));
    if (inPool.isEmpty()) {
      return blocked(new WaitReason.NoPool(task.poolSelector(), fleet.browsers().size()));
    }
    List<BrowserView> ofKind =
        task.browser().isEmpty()
            ? inPool
            : keep(inPool, browser -> browser.kind().equals(task.browser().get()));
    if (ofKind.isEmpty()) {
      return blocked(
          new WaitReason.NoBrowser(
              task.browser().orElseThrow(),
              inPool.stream().map(BrowserView::kind).distinct().sorted().toList()));
    }
    List<Pair> computing = new ArrayList<>();
    for (BrowserView browser : ofKind) {
      for (Backend backend : browser.backends()) {
        if (task.backend().isEmpty() || task.backend().get().equals(backend)) {
          computing.add(new Pair(browser, backend));
        }
      }
    }
    if (computing.isEmpty()) {
      return blocked(
          new WaitReason.NoBackend(
              task.backend(),
              ofKind.stream()
                  .flatMap(browser -> browser.backends().stream())
                  .distinct()
                  .sorted()
                  .toList()));
    }
    List<Pair> large = computing;
    if (task.requirements().memoryBytes().isPresent()) {
      long required = task.requirements().memoryBytes().getAsLong();
      // A browser whose memory is unknown is not ruled out: absent is not zero.
      large =
          keep(computing, pair -> pair.browser().memoryBytes().orElse(Long.MAX_VALUE) >= required);
      if (large.isEmpty()) {
        return blocked(
            new WaitReason.MemoryTooSmall(
                required,
                computing.stream()
                    .mapToLong(pair -> pair.browser().memoryBytes().orElse(0))
                    .max()
                    .orElse(0)));
      }
    }
    List<Pair> accelerated =
        task.requirements().hardwareAcceleration() == HardwareAcceleration.REQUIRED
            ? keep(large, pair -> pair.browser().hardware(pair.backend()) == Hardware.GPU)
            : large;
    if (accelerated.isEmpty()) {
      return blocked(new WaitReason.NoHardware(browsers(large)));
    }
    List<Pair> sound =
        keep(
            accelerated,
            pair ->
                !pair.browser().breakerOpen()
                    && !pair.browser()
                        .broken()
                        .contains(new BrowserView.Combination(task.family(), pair.backend())));
    if (sound.isEmpty()) {
      return blocked(new WaitReason.AllBreakersOpen(browsers(accelerated)));
    }
    List<Pair> elsewhere = keep(sound, pair -> !task.avoid().contains(pair.browser().worker()));
    return new Answer.Allowed(elsewhere.isEmpty() ? sound : elsewhere);
  }

  private static Answer blocked(WaitReason reason) {
    return new Answer.Blocked(reason);
  }

  private static int browsers(List<Pair> pairs) {
    return (int) pairs.stream().map(pair -> pair.browser().worker()).distinct().count();
  }

  private static <T> List<T> keep(List<T> all, Predicate<T> condition) {
    return all.stream().filter(condition).toList();
  }
}
