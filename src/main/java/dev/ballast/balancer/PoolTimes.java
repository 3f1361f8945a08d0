package dev.ballast.balancer;

import dev.ballast.balancer.Constraints.Pair;
import dev.ballast.balancer.schedule.Times;
import dev.ballast.balancer.schedule.Tries;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserMetrics;
import dev.ballast.model.Requirements.HardwareAcceleration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Profiles} expect of tasks on pools of identical browsers, in the numbers of a board:
 *
 * <pre>
 * seconds(g, c) = service
 *               + service · speedWeight · (1 − fastest iteration / iteration)
 *               + service · (1 / success − 1)      [+ service: c has failed the task]
 *               + service                          [hardware preferred, none there]
 * </pre>
 *
 * on the most promising backend that the {@link Constraints} leave; infinite where they leave none.
 * How promising one is depends on what runs, too: see {@link Tries}. A pool stands for all its
 * browsers by one of them. Not thread-safe.
 */
public final class PoolTimes implements Times {
  private final Profiles profiles;
  private final PlacementSettings settings;
  private final Tries tries;
  private final List<TaskView> groups = new ArrayList<>();
  private final List<BrowserView> pools = new ArrayList<>();
  private final Map<String, Integer> variants = new HashMap<>();
  private final List<@Nullable Row> rows = new ArrayList<>();
  private final NewVariant newVariant;
  private long fleetVersion;

  /** Hears of every variant once, in the order of their numbers. */
  public interface NewVariant {
    /** {@code sizeMiB}: memory that the model is expected to take; 0 when nothing is known. */
    void added(double sizeMiB);
  }

  /**
   * A group on one backend of a pool.
   *
   * @param serviceSeconds time in a slot once the model is loaded
   * @param factors what the seconds of the rule are made of
   * @param measuredError standard error of the service time on the log scale
   * @param error what it will be once what runs has ended
   * @param emulated the backend is for graphics hardware, and a rasteriser on the CPU stands in
   */
  public record Expected(
      Backend backend,
      boolean emulated,
      double serviceSeconds,
      double loadSeconds,
      double measuredError,
      double error,
      double success,
      int variant,
      Map<Factor, Double> factors) {
    /** What the rule counts with, in seconds. */
    public double seconds() {
      double sum = 0;
      for (double factor : factors.values()) {
        sum += factor;
      }
      return sum;
    }

    /** The same while so much else of it runs. */
    private Expected with(double errorOnceEnded) {
      return new Expected(
          backend,
          emulated,
          serviceSeconds,
          loadSeconds,
          measuredError,
          errorOnceEnded,
          success,
          variant,
          factors);
    }

    /**
     * By what backends compare: {@code seconds · exp(−error)}, so that one which may well be better
     * is tried. Not an emulated one, {@code seconds · exp(measuredError)}: a rasteriser has nothing
     * that WASM on the same CPU has not, and to find that out may take minutes.
     */
    double hopefulSeconds() {
      return seconds() * StrictMath.exp(emulated ? measuredError : -error);
    }
  }

  /** All that is expected of one group, by pool. */
  private static final class Row {
    private static final long NEVER = -1;

    final long family;
    final long fleet;
    final List<List<Expected>> byPool;
    final @Nullable Expected[] best;
    final double[] bestSeconds;

    /** By which version of the tries the pool's backends were compared last. */
    final long[] compared;

    /** By which version of the profiles it was last found to hold. */
    long checked;

    Row(long family, long fleet, List<List<Expected>> byPool) {
      this.family = family;
      this.fleet = fleet;
      this.byPool = byPool;
      best = new Expected[byPool.size()];
      bestSeconds = new double[byPool.size()];
      compared = new long[byPool.size()];
      Arrays.fill(compared, NEVER);
    }

    /** Puts the pool's backends in order, the most promising first. */
    void compare(int pool, Tries tries) {
      compared[pool] = tries.version();
      List<Expected> all = byPool.get(pool);
      all.replaceAll(on -> {
        double error = tries.error(on.measuredError(), pool, on.variant());
        return error == on.error() ? on : on.with(error);
      });
      if (all.size() > 1) {
        all.sort(Comparator.comparingDouble(Expected::hopefulSeconds));
      }
      best[pool] = all.isEmpty() ? null : all.getFirst();
      bestSeconds[pool] = all.isEmpty() ? Double.POSITIVE_INFINITY : all.getFirst().seconds();
    }
  }

  /**
   * @param tries what runs on the board
   */
  public PoolTimes(
      Profiles profiles, PlacementSettings settings, Tries tries, NewVariant newVariant) {
    this.profiles = profiles;
    this.settings = settings;
    this.tries = tries;
    this.newVariant = newVariant;
  }

  /** Adds a kind of task; its number. */
  public int addGroup(TaskView group) {
    groups.add(group);
    rows.add(null);
    return groups.size() - 1;
  }

  /** Adds browsers that are alike, by one of them; the number of the pool. */
  public int addPool(BrowserView like) {
    pools.add(like);
    fleetVersion++;
    return pools.size() - 1;
  }

  /** What holds for all browsers of the pool has changed. */
  public void setPool(int pool, BrowserView like) {
    pools.set(pool, like);
    fleetVersion++;
  }

  public BrowserView pool(int pool) {
    return pools.get(pool);
  }

  public TaskView group(int group) {
    return groups.get(group);
  }

  /** Number of what a browser loads, by the name that it reports; new ones get the next. */
  public int variantOf(String resident) {
    return variantOf(resident, 0);
  }

  private int variantOf(String resident, double sizeMiB) {
    Integer known = variants.get(resident);
    if (known != null) {
      return known;
    }
    int added = variants.size();
    variants.put(resident, added);
    newVariant.added(sizeMiB);
    return added;
  }

  /** Whether any pool can run the group now. */
  public boolean runsSomewhere(int group) {
    for (List<Expected> pool : row(group).byPool) {
      if (!pool.isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** What rules every browser of the fleet out for such a task; empty: nothing does. */
  public static Optional<WaitReason> blocked(TaskView task, Fleet fleet) {
    return Constraints.check(task, fleet) instanceof Constraints.Answer.Blocked(WaitReason reason)
        ? Optional.of(reason)
        : Optional.empty();
  }

  /** What is expected on each backend that is allowed there, the most promising first. */
  public List<Expected> expected(int group, int pool) {
    return List.copyOf(row(group, pool).byPool.get(pool));
  }

  private @Nullable Expected best(int group, int pool) {
    return row(group, pool).best[pool];
  }

  private Row row(int group, int pool) {
    Row row = row(group);
    if (row.compared[pool] != tries.version()) {
      row.compare(pool, tries);
    }
    return row;
  }

  private Row row(int group) {
    Row row = rows.get(group);
    long learned = profiles.version();
    if (row != null && row.checked == learned && row.fleet == fleetVersion) {
      return row;
    }
    long family = profiles.version(groups.get(group).family());
    if (row == null || row.family != family || row.fleet != fleetVersion) {
      row = new Row(family, fleetVersion, estimate(groups.get(group)));
      rows.set(group, row);
    }
    row.checked = learned;
    return row;
  }

  private List<List<Expected>> estimate(TaskView task) {
    List<List<Expected>> byPool = new ArrayList<>(pools.size());
    for (int c = 0; c < pools.size(); c++) {
      byPool.add(new ArrayList<>());
    }
    if (Constraints.check(task, new Fleet(pools))
        instanceof Constraints.Answer.Allowed(List<Pair> pairs)) {
      Set<String> failed = failedPools(task);
      double fastest = Double.POSITIVE_INFINITY;
      for (Pair pair : pairs) {
        fastest = Math.min(fastest, iteration(task, pair));
      }
      Map<BrowserView, Integer> numbers = new HashMap<>();
      for (int c = 0; c < pools.size(); c++) {
        numbers.put(pools.get(c), c);
      }
      for (Pair pair : pairs) {
        byPool
            .get(numbers.getOrDefault(pair.browser(), 0))
            .add(expect(task, pair, fastest, failed));
      }
    }
    return byPool;
  }

  private Set<String> failedPools(TaskView task) {
    Set<String> failed = new HashSet<>();
    for (BrowserView pool : pools) {
      if (task.avoid().contains(pool.worker())) {
        failed.add(pool.pool());
      }
    }
    return failed;
  }

  private Expected expect(TaskView task, Pair pair, double fastest, Set<String> failedPools) {
    ProfileKey key = pair.browser().key(task, pair.backend());
    Estimate estimate = profiles.serviceSeconds(key);
    double service = estimate.typical();
    double believed = profiles.believedServiceSeconds(key);
    double success = profiles.successRatio(key);
    boolean unwanted =
        task.requirements().hardwareAcceleration() == HardwareAcceleration.PREFERRED
            && pair.browser().hardware(pair.backend()) != Hardware.GPU;
    Map<Factor, Double> factors = new EnumMap<>(Factor.class);
    factors.put(Factor.AFFINITY, believed);
    factors.put(Factor.HISTORY, service - believed);
    factors.put(
        Factor.SPEED, service * settings.speedWeight() * (1 - fastest / iteration(task, pair)));
    factors.put(
        Factor.RELIABILITY,
        service * (1 / success - 1) + (failedPools.contains(pair.browser().pool()) ? service : 0));
    factors.put(Factor.HARDWARE, unwanted ? service : 0);
    return new Expected(
        pair.backend(),
        key.hardware() == Hardware.SOFTWARE,
        service,
        profiles.loadSeconds(key).typical(),
        estimate.relativeError(),
        estimate.relativeError(),
        success,
        variantOf(
            BrowserMetrics.resident(task.model(), pair.backend()),
            profiles.memoryBytes(key).typical() / (1 << 20)),
        Collections.unmodifiableMap(factors));
  }

  private double iteration(TaskView task, Pair pair) {
    return profiles.iterationSeconds(pair.browser().key(task, pair.backend())).typical();
  }

  @Override
  public double serviceSeconds(int group, int pool) {
    return row(group, pool).bestSeconds[pool];
  }

  @Override
  public double loadSeconds(int group, int pool) {
    Expected best = best(group, pool);
    return best == null ? 0 : best.loadSeconds();
  }

  @Override
  public int variant(int group, int pool) {
    Expected best = best(group, pool);
    return best == null ? -1 : best.variant();
  }

  @Override
  public double relativeError(int group, int pool) {
    Expected best = best(group, pool);
    return best == null ? 0 : best.error();
  }

  @Override
  public double observations(int group) {
    return profiles.observations(groups.get(group).model());
  }

  @Override
  public double successRatio(int group, int pool) {
    Expected best = best(group, pool);
    return best == null ? 1 : best.success();
  }

  @Override
  public long version() {
    return profiles.version() + fleetVersion + tries.version();
  }
}
