package dev.ballast.balancer;

import dev.ballast.balancer.Constraints.Pair;
import dev.ballast.model.BrowserMetrics;
import dev.ballast.model.Requirements.HardwareAcceleration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Earliest completion by what was learned of the browsers, in seconds:
 *
 * <pre>
 * cost(m, b) = wait(b) + load(m, b) [not resident] + service(m, b)
 *            + service · speedWeight · (1 − fastest iteration / iteration(m, b))
 *            + service · (1 / success(m, b) − 1)  [+ service: b's pool has failed the task]
 *            + service · 0.1 · utilization(b)
 *            + load of what must be evicted       [memory known and short]
 *            + service                            [hardware preferred, none there]
 *            − service · (1 − exp(−√ln(1 + N) · error(m, b)))
 * </pre>
 *
 * {@code service} is shown as what the priors believe (affinity) and what measurements add to it
 * (history). The last term is an upper confidence bound (Auer et al. 2002, "Finite-time analysis of
 * the multiarmed bandit problem") on the log scale: N observations of the model, {@code error} the
 * standard error for this browser; it makes a wrong prior be found out, at most half the service
 * time at a time. Greedy: a free place is never left empty on purpose.
 */
public final class BrowserAware implements PlacementPolicy {
  private static final int CANDIDATES_KEPT = 16;
  private static final double UTILIZATION_WEIGHT = 0.1;
  private static final double EXPLORATION_CAP = 0.5;

  private final Profiles profiles;
  private final Settings settings;

  /**
   * How strongly the terms beside completion weigh.
   *
   * @param speedWeight how many service times an infinitely slow inference costs: prefers the
   *     faster browser even when attempts are ended by the clock and so last equally long
   * @param prefetchBelowSeconds only tasks shorter than this are handed to a browser before a slot
   *     is free: for longer ones the round trip is nothing, and a better place may come
   * @param explore whether uncertain candidates are tried
   */
  public record Settings(double speedWeight, double prefetchBelowSeconds, boolean explore) {
    public static final Settings DEFAULTS = new Settings(0.5, 1, true);
  }

  public BrowserAware(Profiles profiles) {
    this(profiles, Settings.DEFAULTS);
  }

  public BrowserAware(Profiles profiles, Settings settings) {
    this.profiles = profiles;
    this.settings = settings;
  }

  @Override
  public Decision place(TaskView task, Fleet fleet) {
    return switch (Constraints.check(task, fleet)) {
      case Constraints.Answer.Blocked(WaitReason reason) -> new Decision.Waits(reason, List.of());
      case Constraints.Answer.Allowed(List<Pair> pairs) -> choose(task, fleet, pairs);
    };
  }

  private Decision choose(TaskView task, Fleet fleet, List<Pair> pairs) {
    Set<String> failedPools =
        fleet.browsers().stream()
            .filter(browser -> task.avoid().contains(browser.worker()))
            .map(BrowserView::pool)
            .collect(Collectors.toSet());
    double fastest = pairs.stream().mapToDouble(pair -> iteration(task, pair)).min().orElseThrow();
    List<Candidate> candidates = new ArrayList<>(pairs.size());
    for (Pair pair : pairs) {
      candidates.add(cost(task, pair, fastest, failedPools));
    }
    candidates.sort(
        Comparator.comparingDouble(Candidate::costSeconds)
            .thenComparing(Candidate::worker)
            .thenComparing(Candidate::backend));
    Optional<Candidate> best = candidates.stream().filter(Candidate::free).findFirst();
    List<Candidate> kept = candidates.subList(0, Math.min(CANDIDATES_KEPT, candidates.size()));
    return best.<Decision>map(chosen -> new Decision.Placed(chosen, kept))
        .orElseGet(() -> new Decision.Waits(new WaitReason.QueuedBehind(0), kept));
  }

  private Candidate cost(TaskView task, Pair pair, double fastest, Set<String> failedPools) {
    BrowserView browser = pair.browser();
    ProfileKey key = browser.key(task, pair.backend());
    Estimate estimate = profiles.serviceSeconds(key);
    double service = estimate.typical();
    double believed = profiles.believedServiceSeconds(key);
    double load = profiles.loadSeconds(key).typical();
    boolean resident =
        browser.resident().contains(BrowserMetrics.resident(task.model(), pair.backend()));
    Map<Factor, Double> seconds = new EnumMap<>(Factor.class);
    seconds.put(Factor.WAIT, browser.waitSeconds());
    seconds.put(Factor.LOAD, resident ? 0 : load);
    seconds.put(Factor.AFFINITY, believed);
    seconds.put(Factor.HISTORY, service - believed);
    seconds.put(
        Factor.SPEED, service * settings.speedWeight() * (1 - fastest / iteration(task, pair)));
    seconds.put(
        Factor.RELIABILITY,
        service * (1 / profiles.successRatio(key) - 1)
            + (failedPools.contains(browser.pool()) ? service : 0));
    double busy = browser.utilizationRatio().orElse((double) browser.occupied() / browser.slots());
    seconds.put(Factor.UTILIZATION, service * UTILIZATION_WEIGHT * Math.min(1, busy));
    seconds.put(Factor.MEMORY, resident || fits(browser, key) ? 0 : load);
    boolean unwanted =
        task.requirements().hardwareAcceleration() == HardwareAcceleration.PREFERRED
            && browser.hardware(pair.backend()) != Hardware.GPU;
    seconds.put(Factor.HARDWARE, unwanted ? service : 0);
    seconds.put(Factor.EXPLORATION, -service * explorationRatio(task.model(), estimate));
    boolean free =
        browser.slotFree()
            || (service <= settings.prefetchBelowSeconds() && browser.prefetchFree());
    return new Candidate(
        browser.worker(), browser.pool(), browser.kind(), pair.backend(), free, seconds);
  }

  private double iteration(TaskView task, Pair pair) {
    return profiles.iterationSeconds(pair.browser().key(task, pair.backend())).typical();
  }

  private boolean fits(BrowserView browser, ProfileKey key) {
    return browser.memoryBytes().isEmpty()
        || browser.usedMemoryBytes().isEmpty()
        || browser.usedMemoryBytes().getAsLong() + profiles.memoryBytes(key).typical()
            <= browser.memoryBytes().getAsLong();
  }

  private double explorationRatio(String model, Estimate estimate) {
    if (!settings.explore()) {
      return 0;
    }
    double confidence = Math.sqrt(Math.log1p(profiles.observations(model)));
    return Math.min(EXPLORATION_CAP, 1 - Math.exp(-confidence * estimate.relativeError()));
  }
}
