package dev.ballast.simulate.torture;

import dev.ballast.dispatch.Dispatch;
import dev.ballast.dispatch.Event;
import dev.ballast.dispatch.WorkerView;
import dev.ballast.model.AttemptId;
import dev.ballast.model.SyncRequest;
import dev.ballast.model.WorkerId;
import dev.ballast.simulate.protocol.ProtocolWorker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sees what no controller sees: what is durable, and what the workers really hold. */
final class Eyewitness {
  private final Scene scene;
  private final Checker checker;

  /** Attempts that the present reign was told of by whoever holds them. */
  private final Set<AttemptId> told = new HashSet<>();

  /** Who is told, of the attempts that the waiting commands speak of. */
  private final Set<AttemptId> toldBy = new HashSet<>();

  private @Nullable WorkerId gone;

  Eyewitness(Scene scene) {
    this.scene = scene;
    this.checker = new Checker(worker -> scene.find(worker).site().memoryBytes());
  }

  Checker checker() {
    return checker;
  }

  /** A new controller was told nothing yet. */
  void newReign() {
    told.clear();
    toldBy.clear();
  }

  /** Whoever holds these is about to tell the present reign of them. */
  void willTell(Collection<AttemptId> attempts) {
    toldBy.addAll(attempts);
  }

  /** The present reign begins to take in what it is told. */
  void telling(int commands) {
    // Of several commands one may free an attempt before another one speaks of it.
    if (commands == 1) {
      told.addAll(toldBy);
    }
  }

  /** The present reign was told. */
  void toldIt() {
    told.addAll(toldBy);
    toldBy.clear();
  }

  /** The process of that worker is taken away for good; null: of none any longer. */
  void gone(@Nullable WorkerId worker) {
    gone = worker;
  }

  /** An event became durable under a reign. */
  void durable(Event event, long under) {
    scene.say(() -> "  durable: " + Words.of(event));
    checker.durable(event, under);
    scene.tally.events++;
  }

  /** Who takes an attempt from a living worker must have been told that it will not start there. */
  void decided(List<Event> events, Dispatch dispatch) {
    for (Event event : events) {
      if (event instanceof Event.AttemptReturned back && told.contains(back.attempt())) {
        confirmed(back.attempt(), dispatch);
      }
    }
  }

  private void confirmed(AttemptId attempt, Dispatch dispatch) {
    for (ProtocolWorker worker : scene.workers.values()) {
      if (worker.holds(attempt) && !worker.id().equals(gone) && !lost(worker.id(), dispatch)) {
        checker.takenFromAHolder(attempt);
      }
    }
  }

  private static boolean lost(WorkerId worker, Dispatch dispatch) {
    return dispatch.workers().stream()
        .filter(view -> view.id().equals(worker))
        .noneMatch(view -> view.state() != WorkerView.State.LOST);
  }

  /** No worker holds more than it has places for. */
  void checkPlaces(Dispatch dispatch) {
    for (WorkerView worker : dispatch.workers()) {
      int held = worker.bound().size() + worker.running().size();
      int places =
          worker.request().map(SyncRequest::slots).orElse(Integer.MAX_VALUE - 1)
              + Reign.SETTINGS.prefetch();
      Checker.require(
          held <= places, "%s holds %d attempts in %d places", worker.id(), held, places);
    }
  }

  /** What the store says, with its snapshot and without, is what the reign says. */
  void replayIsState(FaultyStore store, Reign reign) {
    String live = reign.dispatch().durableState(reign.epoch());
    Dispatch fromSnapshot = Reign.fresh(scene.seed);
    store.replay(fromSnapshot::apply);
    Dispatch fromTheStart = Reign.fresh(scene.seed);
    store.replayAll(fromTheStart::apply);
    List<String> replayed = new ArrayList<>();
    replayed.add(fromSnapshot.durableState(reign.epoch()));
    replayed.add(fromTheStart.durableState(reign.epoch()));
    for (String state : replayed) {
      Checker.require(state.equals(live), "the journal says%n%s%nthe state is%n%s", state, live);
    }
  }
}
