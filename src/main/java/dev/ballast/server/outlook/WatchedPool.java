package dev.ballast.server.outlook;

import dev.ballast.balancer.scaling.LeadTime;
import dev.ballast.balancer.scaling.PoolForecast;
import dev.ballast.model.JobSpec;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.SyncRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;

/** What a {@link Lookout} knows of one pool. */
final class WatchedPool {
  private static final double ASSUMED_SERVICE_SECONDS = 4;
  private static final double ASSUMED_LEAD_SECONDS = 30;

  /** How much of what a pool ran of a family is remembered after each look. */
  private static final double MEMORY = 0.996;

  /** So many looks make a point of what is told of the past. */
  private static final int POINT_LOOKS = 5;

  final PoolForecast forecast = new PoolForecast(ASSUMED_SERVICE_SECONDS);
  final LeadTime lead = new LeadTime(ASSUMED_LEAD_SECONDS);
  final Map<ModelFamily, Double> ran = new HashMap<>();
  SyncRequest like;
  int ready;
  int idleTicks;
  int slots;
  double waiting;

  private int looks;
  private long busyLooks;
  private long slotLooks;

  WatchedPool(SyncRequest like) {
    this.like = like;
  }

  /** Its workers are seen again after this. */
  void lookAnew() {
    ready = 0;
    slots = 0;
    ran.replaceAll((_, tasks) -> MEMORY * tasks);
  }

  /** One of its workers, which takes tasks and runs so many. */
  void see(SyncRequest told, int running) {
    like = told;
    ready++;
    slots += told.slots();
    slotLooks += told.slots();
    busyLooks += Math.min(told.slots(), running);
  }

  /** What the last looks saw beside what is forecast now; empty while there were too few. */
  Optional<Retrospect.Point> point(
      Instant at, double aheadSeconds, SortedMap<Double, Double> utilization) {
    if (++looks % POINT_LOOKS != 0) {
      return Optional.empty();
    }
    OptionalDouble used =
        slotLooks == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) busyLooks / slotLooks);
    busyLooks = 0;
    slotLooks = 0;
    Duration ahead = Duration.ofMillis(Math.round(aheadSeconds * 1000));
    return Optional.of(new Retrospect.Point(at, used, ahead, utilization));
  }

  boolean mayRun(JobSpec job) {
    return like.poolLabels().entrySet().containsAll(job.poolSelector().entrySet())
        && (job.browsers().isEmpty() || job.browsers().contains(like.browser().kind()));
  }

  /** One task more than it ran, so that a pool that never ran any counts, too. */
  double weight(ModelFamily family) {
    return ran.getOrDefault(family, 0.0) + 1;
  }
}
