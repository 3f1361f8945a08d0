package dev.ballast.simulate.scaling;

import dev.ballast.balancer.scaling.Aim;
import dev.ballast.balancer.scaling.PoolForecast;
import dev.ballast.balancer.scaling.Stabilizer;
import dev.ballast.model.ModelFamily;
import dev.ballast.simulate.FleetSize.Sight;

/**
 * Ours: the recommendation of production. A browser is let go once it was not wanted for as long as
 * it would take to have it back.
 */
final class Forecasting implements ScalingRule {
  private static final double ASSUMED_SERVICE_SECONDS = 4;

  private final PoolForecast forecast = new PoolForecast(ASSUMED_SERVICE_SECONDS);
  private final Stabilizer stabilizer;
  private final Aim aim;
  private final double leadSeconds;
  private boolean begun;

  Forecasting(Aim aim, double leadSeconds) {
    this.aim = aim;
    this.leadSeconds = leadSeconds;
    stabilizer = new Stabilizer(leadSeconds);
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
    if (!begun) {
      // As in production: what is there was wanted until now.
      begun = true;
      stabilizer.take(sight.nowSeconds(), sight.ready());
    }
    int slots = forecast.demand(aim, leadSeconds, sight.waiting()).slots(aim);
    return stabilizer.take(sight.nowSeconds(), Math.ceilDiv(slots, sight.slots()));
  }
}
