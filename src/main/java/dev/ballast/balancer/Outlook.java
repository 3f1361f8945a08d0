package dev.ballast.balancer;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * What is expected of every pool: told by who forecasts and scales, read by who shows it. For any
 * thread.
 */
public final class Outlook {
  private final Map<String, PoolOutlook> pools = new ConcurrentHashMap<>();
  private final Map<String, ScalingWish> wishes = new ConcurrentHashMap<>();

  /** Changes what is known of a pool; {@code change} sees {@link PoolOutlook#NONE} at first. */
  public void update(String pool, UnaryOperator<PoolOutlook> change) {
    pools.compute(pool, (_, before) -> change.apply(before == null ? PoolOutlook.NONE : before));
  }

  /** From now on the pool is to be scaled so. */
  public void wish(String pool, ScalingWish wish) {
    wishes.put(pool, wish);
  }

  /** Empty: nobody wants anything in particular. */
  public Optional<ScalingWish> wished(String pool) {
    return Optional.ofNullable(wishes.get(pool));
  }

  /** The pool is gone. */
  public void forget(String pool) {
    pools.remove(pool);
    wishes.remove(pool);
  }

  /** What is known of one pool. */
  public PoolOutlook of(String pool) {
    return pools.getOrDefault(pool, PoolOutlook.NONE);
  }

  /** By name of the pool. */
  public SortedMap<String, PoolOutlook> pools() {
    return new TreeMap<>(pools);
  }
}
