package dev.ballast.simulate.torture;

import dev.ballast.dispatch.DispatchException;
import dev.ballast.model.AttemptId;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.SyncResponse;
import dev.ballast.simulate.protocol.ProtocolWorker;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Messages under way. Any of them may be the next to arrive, twice, or not at all. */
final class Wire {
  private final List<Message> underWay = new ArrayList<>();

  /** A request on its way up, or an answer on its way down, of one life of the worker's process. */
  sealed interface Message {
    ProtocolWorker worker();

    int incarnation();

    record Up(ProtocolWorker worker, int incarnation, SyncRequest request) implements Message {
      @Override
      public String toString() {
        return "%s #%d says: runs %s, holds %s, gives back %s, reports %s"
            .formatted(
                worker.id(),
                request.sequence(),
                request.started(),
                request.notStarted(),
                request.returned(),
                request.reports().stream().map(report -> report.result().attemptId()).toList());
      }
    }

    /** The controller would not hear that exchange. */
    record Refusal(
        ProtocolWorker worker, int incarnation, long sequence, DispatchException.Code code)
        implements Message {
      @Override
      public String toString() {
        return "%s is told that its #%d is refused: %s"
            .formatted(worker.id(), sequence, code.label());
      }
    }

    record Down(ProtocolWorker worker, int incarnation, SyncResponse response) implements Message {
      @Override
      public String toString() {
        return "reign %d tells %s: run %s, give back %s, stop %s, forget reports %s%s"
            .formatted(
                response.epoch(),
                worker.id(),
                response.assignments().stream().map(one -> one.attempt()).toList(),
                response.revocations(),
                response.cancellations(),
                response.acknowledged(),
                response.drain() ? ", drain" : "");
      }
    }
  }

  /** What becomes of a message. */
  enum Fate {
    ARRIVES,
    LOST,
    REPEATED
  }

  /** A message, and what becomes of it. */
  record Drawn(Message message, Fate fate) {}

  void send(Message message) {
    underWay.add(message);
  }

  boolean isEmpty() {
    return underWay.isEmpty();
  }

  /** Any message: late ones are overtaken by it. */
  Drawn draw(RandomGenerator random) {
    int which = random.nextInt(underWay.size());
    Message message = underWay.get(which);
    Fate fate =
        switch (random.nextInt(8)) {
          case 0 -> Fate.LOST;
          case 1 -> Fate.REPEATED;
          default -> Fate.ARRIVES;
        };
    if (fate != Fate.REPEATED) {
      underWay.remove(which);
    }
    return new Drawn(message, fate);
  }

  /** The oldest message: on a wire without faults. */
  Message next() {
    return underWay.removeFirst();
  }

  /** The connections of a process end with it. */
  void cut(ProtocolWorker worker) {
    underWay.removeIf(message -> !(message instanceof Message.Up) && message.worker() == worker);
  }

  void clear() {
    underWay.clear();
  }

  /** Attempts that a request speaks of as held. */
  static List<AttemptId> held(SyncRequest request) {
    List<AttemptId> held = new ArrayList<>(request.started());
    held.addAll(request.notStarted());
    return held;
  }
}
