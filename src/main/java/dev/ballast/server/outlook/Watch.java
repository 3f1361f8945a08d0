package dev.ballast.server.outlook;

import dev.ballast.balancer.Outlook;
import dev.ballast.balancer.scaling.Aim;
import dev.ballast.balancer.scaling.PoolForecast;
import dev.ballast.dispatch.DispatchLoop;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Ticks a {@link Lookout} as long as its controller runs. */
public final class Watch implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Watch.class);

  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("outlook").factory());
  private final DispatchLoop.Subscription hearing;

  public Watch(DispatchLoop dispatch, Outlook outlook, Retrospect retrospect) {
    Lookout lookout = new Lookout(outlook, retrospect, Aim.DEFAULTS);
    hearing = dispatch.listen(lookout);
    long millis = Math.round(PoolForecast.STEP_SECONDS * 1000);
    var _ =
        clock.scheduleAtFixedRate(
            () -> tick(lookout, dispatch), millis, millis, TimeUnit.MILLISECONDS);
  }

  private static void tick(Lookout lookout, DispatchLoop dispatch) {
    try {
      lookout.tick(dispatch.pulse());
    } catch (RuntimeException e) {
      // An exception would end the clock; a tick without an answer of dispatch is a tick missed.
      LOG.warnf(e, "no forecast this time");
    }
  }

  @Override
  public void close() {
    hearing.close();
    clock.shutdownNow();
  }
}
