package dev.ballast.simulate.scaling;

import dev.ballast.balancer.scaling.Aim;
import dev.ballast.balancer.scaling.PoolForecast;
import dev.ballast.balancer.scaling.Stabilizer;
import dev.ballast.model.ModelFamily;
import dev.ballast.simulate.FleetSize.Sight;

/** Ours: the recommendation of production, and a stabilisation of 60 s. */
final class Forecasting implements ScalingRule {
  private static final double ASSUMED_SERVICE_SECONDS = 4;
  private static final double STABLE_SECONDS = 60;

  private final PoolForecast forecast = new PoolForecast(ASSUMED_SERVICE_SECONDS);
  private final Stabilizer stabilizer = new Stabilizer(STABLE_SECONDS);
  private final Aim aim;
  private final double leadSeconds;

  Forecasting(Aim aim, double leadSeconds) {
    this.aim = aim;
    this.leadSeconds = leadSeconds;
  }

  @Override
  public double intervalSeconds() {
    return PoolForecast.STEP_SECONDS;
  }

  @Override
  public void served(double seconds) {
    forecast.served(seconds);
  }

  @Override
  public int wanted(Sight sight) {
    // Families do not matter for the number of workers.
    forecast.arrived(ModelFamily.OTHER, sight.arrived());
    forecast.step();
    int slots = forecast.demand(aim, leadSeconds, sight.waiting()).slots(aim);
    return stabilizer.take(sight.nowSeconds(), Math.ceilDiv(slots, sight.slots()));
  }
}
