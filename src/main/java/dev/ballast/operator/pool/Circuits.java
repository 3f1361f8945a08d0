package dev.ballast.operator.pool;

import dev.ballast.dispatch.DispatchLoop;
import dev.ballast.dispatch.DispatchSettings.BreakerSettings;
import dev.ballast.operator.validation.PoolSettings;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Tells dispatch when the breakers of each pool open, as its spec has it; told once. */
final class Circuits {
  private final DispatchLoop dispatch;
  private final Map<String, BreakerSettings> told = new ConcurrentHashMap<>();

  Circuits(DispatchLoop dispatch) {
    this.dispatch = dispatch;
  }

  void set(PoolSettings pool) {
    String id = PoolId.of(pool.namespace(), pool.name());
    BreakerSettings wanted =
        new BreakerSettings(
            pool.circuitBreaker().failureRatio(),
            pool.circuitBreaker().requestVolumeThreshold(),
            pool.circuitBreaker().delay());
    if (!wanted.equals(told.get(id))) {
      dispatch.breaker(id, wanted).join();
      told.put(id, wanted);
    }
  }

  void forget(String pool) {
    told.remove(pool);
  }
}
