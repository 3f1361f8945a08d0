package dev.ballast.worker;

import dev.ballast.model.AttemptReport;
import dev.ballast.model.BrowserMetrics;
import dev.ballast.model.Incarnation;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.WorkerId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** What a worker tells of itself, its browser and its slots in every exchange. */
final class Status {
  private final AgentSettings settings;
  private final BrowserHost host;
  private final BusyTime busyTime;
  private final List<Slot> slots;
  private Instant born = Instant.now();
  private String incarnation = Incarnation.at(born, ThreadLocalRandom.current());
  private Duration ahead = Duration.ofMinutes(1);
  private BrowserHost.@Nullable Running lastRunning;

  Status(AgentSettings settings, BrowserHost host, BusyTime busyTime, List<Slot> slots) {
    this.settings = settings;
    this.host = host;
    this.busyTime = busyTime;
    this.slots = List.copyOf(slots);
  }

  /**
   * The controller takes another life of ours for the latest: a clock here has gone back since. A
   * later name is chosen, further ahead each time; what we hold stays ours.
   */
  void joinAnew() {
    born = born.plus(ahead);
    ahead = ahead.multipliedBy(2);
    incarnation = Incarnation.at(born, ThreadLocalRandom.current());
  }

  WorkerId worker() {
    return settings.worker();
  }

  /**
   * The next request; {@code heartbeatMillis} is how often the controller must hear of us. Not
   * before the browser has run once. While it is being started again, it is described as it was.
   */
  SyncRequest request(
      Workload.Held held, long sequence, List<AttemptReport> reports, long heartbeatMillis) {
    Optional<BrowserHost.Running> running = host.current();
    BrowserHost.@Nullable Running last = running.isPresent() ? running.get() : lastRunning;
    if (last == null) {
      throw new IllegalStateException("the exchange began before the browser had started");
    }
    lastRunning = last;
    return new SyncRequest(
        settings.worker(),
        incarnation,
        sequence,
        settings.pool(),
        settings.poolLabels(),
        settings.machine(),
        settings.os(),
        settings.slots(),
        held.draining(),
        last.identity(),
        last.capability(),
        metrics(held, last, running.isPresent()),
        held.started(),
        held.notStarted(),
        held.returned(),
        reports,
        (int) Math.min(heartbeatMillis, settings.longPoll().toMillis()));
  }

  private BrowserMetrics metrics(Workload.Held held, BrowserHost.Running running, boolean alive) {
    List<String> resident =
        slots.stream().flatMap(slot -> slot.residentModels().stream()).distinct().toList();
    return new BrowserMetrics(
        busyTime.ratio(System.nanoTime()),
        alive ? host.memoryBytes() : OptionalLong.empty(),
        held.started().size(),
        alive ? resident : List.of(),
        held.tasksDone(),
        Duration.between(running.since(), Instant.now()),
        alive);
  }
}
