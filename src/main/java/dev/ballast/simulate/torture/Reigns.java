package dev.ballast.simulate.torture;

import dev.ballast.dispatch.Command;
import dev.ballast.dispatch.Dispatch;
import dev.ballast.dispatch.JournalException;
import dev.ballast.dispatch.Reply;
import dev.ballast.model.WorkerId;
import dev.ballast.simulate.torture.Wire.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The controllers of a run, one of which reigns, and production's loop in small: commands that wait
 * are done together, and the next are taken in while those before are being written.
 */
final class Reigns {
  private static final int MOST_TOGETHER = 5;

  private final Scene scene;
  private final Eyewitness witness;
  private final FaultyStore store;
  private final Map<Long, Message.Up> callers = new HashMap<>();

  /** Commands that wait for the controller's next turn: it does them together. */
  private final List<Command> waiting = new ArrayList<>();

  private Reign reign;
  private @Nullable Reign deposed;
  private long ticket;
  private boolean calm;

  Reigns(Scene scene, Eyewitness witness) {
    this.scene = scene;
    this.witness = witness;
    this.store = new FaultyStore(witness::durable);
    this.reign = new Reign(store, scene.seed, scene.now, Duration.ZERO);
  }

  long epoch() {
    return reign.epoch();
  }

  /** The state of the one that reigns. */
  Dispatch dispatch() {
    return reign.dispatch();
  }

  // ---------------------------------------------------------------- faults

  /** The next write fails; perhaps it reached the disk all the same. */
  void failNextWrite(boolean keeps) {
    store.failNext(keeps);
  }

  /** The controller is killed while it does something, and a new one starts from the store. */
  void die() {
    List<Reign.Death> deaths = List.of(Reign.Death.values());
    Reign.Death death = deaths.get(scene.random.nextInt(deaths.size()));
    Command last =
        scene.workers.isEmpty() || scene.random.nextBoolean()
            ? new Command.Tick()
            : new Command.Sync(++ticket, scene.anyWorker().request(0));
    scene.say(() -> "the controller is killed, %s".formatted(death));
    reign.die(last, scene.now, death);
    begin();
    scene.tally.deaths++;
  }

  /** A partition: another controller takes over, and the first does not know. */
  void depose() {
    deposed = reign;
    begin();
    scene.say(() -> "reign %d is deposed by %d".formatted(reign.epoch() - 1, reign.epoch()));
    scene.tally.deposed++;
  }

  private void begin() {
    waiting.clear();
    witness.newReign();
    if (deposed == null) {
      callers.clear();
    }
    Duration ahead = scene.random.nextInt(4) == 0 ? drift() : Duration.ZERO;
    reign = new Reign(store, scene.seed, scene.now, ahead);
  }

  /** The controller's clock jumps. */
  void jump() {
    Duration by = drift();
    scene.say(() -> "the controller's clock jumps by " + by);
    reign.jump(by);
    scene.tally.jumps++;
  }

  private Duration drift() {
    return scene.random.nextInt(3) == 0
        ? Duration.ofMinutes(scene.random.nextInt(60))
        : Duration.ofMillis(scene.random.nextInt(20_000) - 10_000);
  }

  void snapshot() {
    turn();
    commit();
    reign.snapshot();
    scene.say(() -> "a snapshot is taken");
    scene.tally.snapshots++;
  }

  /** That worker's process is taken away, and whoever did that says so. */
  void gone(WorkerId worker) {
    turn();
    witness.gone(worker);
    scene.say(() -> "%s is gone".formatted(worker));
    command(next -> new Command.WorkerGone(next, worker));
    turn();
    witness.gone(null);
  }

  /** From now on nothing fails, and whatever is asked is done at once. */
  void calmDown() {
    turn();
    commit();
    calm = true;
    scene.say(() -> "the faults stop");
    store.heal();
    deposed = null;
  }

  // ---------------------------------------------------------------- the loop in small

  /** What comes while the controller is busy waits, and is done together with what comes next. */
  void command(LongFunction<Command> make) {
    waiting.add(make.apply(++ticket));
    if (calm || waiting.size() == MOST_TOGETHER || scene.random.nextInt(4) > 0) {
      turn();
    }
  }

  /** An exchange arrives, at a controller that was deposed perhaps: it knows of nothing. */
  void hear(Message.Up up) {
    Reign older = deposed;
    if (older != null && scene.random.nextInt(3) == 0) {
      hearDeposed(older, up);
      return;
    }
    if (up.worker().incarnation() == up.incarnation()) {
      witness.willTell(Wire.held(up.request()));
    }
    command(next -> {
      callers.put(next, up);
      return new Command.Sync(next, up.request());
    });
  }

  /** A controller that was deposed goes on until a write tells it so. */
  private void hearDeposed(Reign older, Message.Up up) {
    scene.say(() -> "  … to the deposed reign " + older.epoch());
    callers.put(++ticket, up);
    try {
      List<Reply> replies =
          new ArrayList<>(
              older.decide(List.of(new Command.Sync(ticket, up.request())), scene.now, _ -> {}));
      replies.addAll(older.commit(scene.now));
      tell(replies);
    } catch (JournalException e) {
      scene.say(() -> "  reign %d learns that it is over".formatted(older.epoch()));
      deposed = null;
    }
  }

  private void turn() {
    if (waiting.isEmpty()) {
      return;
    }
    List<Command> commands = List.copyOf(waiting);
    waiting.clear();
    witness.telling(commands.size());
    if (commands.size() > 1) {
      scene.say(() -> "  %d commands are done together".formatted(commands.size()));
      scene.tally.together += commands.size();
    }
    if (reign.isWriting()) {
      scene.tally.ahead++;
    }
    try {
      tell(reign.decide(commands, scene.now, events -> witness.decided(events, reign.dispatch())));
    } catch (JournalException e) {
      failed();
    }
    witness.toldIt();
    witness.checkPlaces(reign.dispatch());
    if (calm || scene.random.nextInt(4) > 0) {
      commit();
    }
  }

  /** What is being written is durable now. */
  private void commit() {
    try {
      tell(reign.commit(scene.now));
    } catch (JournalException e) {
      failed();
    }
  }

  private void failed() {
    scene.say(() -> "  the write fails; nobody is told anything");
    callers.clear();
    scene.tally.failedWrites++;
  }

  private void tell(List<Reply> replies) {
    for (Reply reply : replies) {
      Message.Up caller = callers.remove(reply.ticket());
      switch (reply) {
        case Reply.Job(_, String uid) -> witness.checker().acknowledged(uid);
        case Reply.Synced synced when caller != null ->
            scene.wire.send(
                new Message.Down(caller.worker(), caller.incarnation(), synced.response()));
        case Reply.Refused refused -> {
          scene.say(() -> "  refused, %s".formatted(refused.message()));
          if (caller != null) {
            scene.wire.send(
                new Message.Refusal(
                    caller.worker(),
                    caller.incarnation(),
                    caller.request().sequence(),
                    refused.code()));
          }
        }
        case Reply.Synced _, Reply.Done _ -> {
          // Nobody listens any more.
        }
      }
    }
  }

  /** Time passes; the controller is woken whenever it asked to be. */
  void pass(Duration time) {
    Instant until = scene.now.plus(time);
    while (!reign.nextDeadline().isAfter(until)) {
      if (reign.nextDeadline().isAfter(scene.now)) {
        scene.now = reign.nextDeadline();
      }
      tick();
    }
    scene.now = until;
    tick();
  }

  private void tick() {
    waiting.add(new Command.Tick());
    turn();
  }

  /** The journal folds to the state. */
  void replayIsState() {
    commit();
    witness.replayIsState(store, reign);
  }
}
