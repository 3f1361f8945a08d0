package dev.ballast.simulate.stealing;

import dev.ballast.dispatch.Command;
import dev.ballast.dispatch.Reply;
import dev.ballast.model.Assignment;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserMetrics;
import dev.ballast.model.Outcome;
import dev.ballast.model.SyncRequest;
import dev.ballast.simulate.protocol.Effort;
import dev.ballast.simulate.protocol.ProtocolWorker;
import dev.ballast.simulate.workload.SimulatedModel;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * A worker and its browser. As production's agent it has always one exchange under way, and tells
 * what is new at once, in another.
 */
final class Station {
  private static final int LONG_POLL_MILLIS = 2_000;

  /** What a message takes, up or down. */
  private static final double MESSAGE_SECONDS = 0.005;

  private final ProtocolWorker worker;
  private final int number;
  private final Shelf shelf;
  private final World world;
  private SyncRequest told;

  /** {@code number}: of its browser in the workload. */
  Station(ProtocolWorker worker, int number, World world) {
    this.worker = worker;
    this.number = number;
    this.world = world;
    this.shelf = new Shelf(world.work().memoryMiB(number));
    this.told = worker.request(LONG_POLL_MILLIS);
  }

  /** It joins. */
  void begin() {
    say(told);
  }

  private void say(SyncRequest request) {
    told = request;
    Timeline time = world.time();
    time.after(
        MESSAGE_SECONDS,
        () ->
            world
                .controller()
                .command(
                    ticket -> new Command.Sync(ticket, request),
                    reply -> time.after(MESSAGE_SECONDS, () -> hear(request, reply))));
  }

  private void hear(SyncRequest request, Reply reply) {
    if (!(reply instanceof Reply.Synced synced)) {
      throw new IllegalStateException("%s is told %s".formatted(worker.id(), reply));
    }
    worker.take(synced.response());
    startAll();
    // An answer to what was said before the latest leaves that one under way.
    if (request.sequence() == told.sequence() || worker.hasNewsSince(told)) {
      say(worker.request(LONG_POLL_MILLIS));
    }
  }

  private void startAll() {
    for (Assignment assignment : worker.startAll()) {
      int task = world.diary().starts(assignment.attempt(), world.time().seconds());
      int model = world.work().model(task);
      SimulatedModel of = world.work().workload().models().get(model);
      Instant now = world.time().now();
      double slower = world.work().slower(number, world.time().seconds());
      double load =
          shelf.use(model, of.memoryMiB()) ? slower * world.work().loadSeconds(task, number) : 0;
      double run = slower * world.work().serviceSeconds(task, number);
      tellLoaded();
      Effort effort =
          new Effort(
              now, load * 1e3, run * 1e3, OptionalLong.of((long) (of.memoryMiB() * (1 << 20))));
      world.time().after(load + run, () -> ended(assignment, model, effort));
    }
  }

  private void ended(Assignment assignment, int model, Effort effort) {
    worker.finish(assignment.attempt(), Outcome.SUCCEEDED, effort);
    shelf.release(model);
    startAll();
    say(worker.request(LONG_POLL_MILLIS));
  }

  private void tellLoaded() {
    worker.loaded(
        shelf.models().stream()
            .map(model -> world.work().workload().models().get(model).name())
            .map(name -> BrowserMetrics.resident(name, Backend.WASM))
            .toList());
  }
}
