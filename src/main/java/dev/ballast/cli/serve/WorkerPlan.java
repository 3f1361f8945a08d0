package dev.ballast.cli.serve;

import dev.ballast.cli.command.CommandException;
import dev.ballast.operator.validation.PoolSettings;
import dev.ballast.worker.browser.InstalledBrowser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One worker that is to be started here.
 *
 * @param labels of its pool, for {@code poolSelector}
 * @param slots attempts at a time, ≥ 1
 * @param arguments of the browser, or preferences of Firefox as {@code name=value}
 */
public record WorkerPlan(
    InstalledBrowser browser,
    String pool,
    Map<String, String> labels,
    int slots,
    List<String> arguments) {

  /**
   * Every browser is a pool, named by {@link Browsers#pool}. {@code each}: workers for each, ≥ 0.
   */
  public static List<WorkerPlan> ofBrowsers(Browsers browsers, int each) {
    List<WorkerPlan> plans = new ArrayList<>();
    for (InstalledBrowser browser : browsers.found()) {
      for (int number = 0; number < each; number++) {
        plans.add(new WorkerPlan(browser, browsers.pool(browser), Map.of(), 1, List.of()));
      }
    }
    return plans;
  }

  /**
   * What {@code BrowserPool}s ask for, as far as one machine can give it: replicas, slots,
   * arguments, labels, and the installed browser of that version. Throws {@link CommandException}
   * when a browser is not here, or when there would be no worker at all.
   */
  public static List<WorkerPlan> ofPools(List<PoolSettings> pools, Browsers browsers) {
    List<WorkerPlan> plans = new ArrayList<>();
    for (PoolSettings pool : pools) {
      String option = "BrowserPool \"%s\", spec.browser".formatted(pool.name());
      Browsers ofKind = browsers.only(option, List.of(pool.browser().name()));
      InstalledBrowser browser =
          pool.version()
              .map(version -> ofVersion(pool.name(), version, ofKind))
              .orElseGet(() -> ofKind.found().getFirst());
      for (int number = 0; number < pool.replicas(); number++) {
        plans.add(
            new WorkerPlan(browser, pool.name(), pool.labels(), pool.slots(), pool.arguments()));
      }
    }
    if (plans.isEmpty()) {
      throw CommandException.usage(
          "no worker would be started. Raise spec.replicas of a BrowserPool, or name its kind in"
              + " --browsers");
    }
    return plans;
  }

  private static InstalledBrowser ofVersion(String pool, String version, Browsers browsers) {
    return browsers.found().stream()
        .filter(browser -> (browser.version() + ".").startsWith(version + "."))
        .findFirst()
        .orElseThrow(() ->
            CommandException.environment(
                "BrowserPool \"%s\", spec.version %s: only %s is on this machine. Leave the version out, or install that one"
                    .formatted(
                        pool,
                        version,
                        String.join(
                            ", ",
                            browsers.found().stream()
                                .map(browser -> browser.kind() + " " + browser.version())
                                .toList()))));
  }
}
