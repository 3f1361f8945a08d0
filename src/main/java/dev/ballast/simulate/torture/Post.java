package dev.ballast.simulate.torture;

import dev.ballast.dispatch.DispatchException;
import dev.ballast.model.AttemptId;
import dev.ballast.model.SyncResponse;
import dev.ballast.simulate.protocol.ProtocolWorker;
import dev.ballast.simulate.torture.Wire.Message;
import java.util.HashSet;
import java.util.Set;

/** Carries what workers and controllers tell each other, or loses it. */
final class Post {
  private final Scene scene;
  private final Reigns reigns;
  private final Eyewitness witness;

  /** Attempts that a user asked to be moved; others that come back were moved by the rule. */
  private final Set<AttemptId> asked = new HashSet<>();

  private final Set<AttemptId> relieved = new HashSet<>();

  Post(Scene scene, Reigns reigns, Eyewitness witness) {
    this.scene = scene;
    this.reigns = reigns;
    this.witness = witness;
  }

  /** A user asks for the attempt to be moved. */
  void asksToMove(AttemptId attempt) {
    asked.add(attempt);
  }

  /** The worker sends its next exchange, if it can. */
  void send(ProtocolWorker worker) {
    if (scene.isFrozen(worker)) {
      return;
    }
    int wait = scene.random.nextBoolean() ? 0 : scene.random.nextInt(5_000);
    scene.wire.send(new Message.Up(worker, worker.incarnation(), worker.request(wait)));
  }

  /** Some message arrives, or is lost. */
  void deliver() {
    if (scene.wire.isEmpty()) {
      return;
    }
    Wire.Drawn drawn = scene.wire.draw(scene.random);
    if (drawn.fate() == Wire.Fate.LOST) {
      scene.say(() -> "lost: " + drawn.message());
      scene.tally.lostMessages++;
    } else {
      arrive(drawn.message());
    }
  }

  /** The worker's exchange goes up, and all that is under way arrives in its order. */
  void exchange(ProtocolWorker worker) {
    send(worker);
    while (!scene.wire.isEmpty()) {
      arrive(scene.wire.next());
    }
  }

  private void arrive(Message message) {
    scene.say(message::toString);
    switch (message) {
      case Message.Up up -> reigns.hear(up);
      case Message.Refusal no -> {
        if (no.worker().incarnation() == no.incarnation()
            && no.code() == DispatchException.Code.STALE_SYNC) {
          no.worker().rejoin(no.sequence());
        }
      }
      case Message.Down down -> {
        ProtocolWorker worker = down.worker();
        if (worker.incarnation() == down.incarnation() && !scene.isFrozen(worker)) {
          take(worker, down.response());
        }
      }
    }
  }

  private void take(ProtocolWorker worker, SyncResponse response) {
    Checker checker = witness.checker();
    long epoch = reigns.epoch();
    if (worker.accepts(response)) {
      response.acknowledged().forEach(attempt -> checker.acknowledged(attempt, epoch));
    }
    if (!worker.draining() && !response.drain()) {
      response.revocations().forEach(this::asksBack);
    }
    worker.take(response).forEach(attempt -> checker.stopped(attempt, epoch));
  }

  /** Neither a user nor a drain asked for it, and its job goes on: the rule moves it. */
  private void asksBack(AttemptId attempt) {
    boolean goesOn =
        reigns
            .dispatch()
            .progress(attempt.task().job())
            .filter(progress -> !progress.overview().state().ended())
            .isPresent();
    if (goesOn && !asked.contains(attempt) && relieved.add(attempt)) {
      scene.say(() -> "  the rule moves " + attempt);
      scene.tally.relieved++;
    }
  }
}
