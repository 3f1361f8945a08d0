package dev.ballast.simulate.stealing;

import dev.ballast.balancer.Observation;
import dev.ballast.balancer.PlacementSettings;
import dev.ballast.balancer.Profiles;
import dev.ballast.dispatch.Command;
import dev.ballast.dispatch.Dispatch;
import dev.ballast.dispatch.DispatchSettings;
import dev.ballast.dispatch.Event;
import dev.ballast.dispatch.Moves;
import dev.ballast.dispatch.Reply;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * The real dispatch and production's loop in small: what arrives is taken in at once, and decided
 * when what was decided before is durable, which takes a while; only then is anyone told.
 */
final class Controller {
  /** What a commit takes. */
  private static final double COMMIT_SECONDS = 0.01;

  private final Timeline time;
  private final Profiles profiles;
  private final Consumer<Event> durable;
  private final Dispatch dispatch;
  private final Map<Long, Consumer<Reply>> callers = new HashMap<>();
  private long ticket;
  private boolean committing;
  private boolean due;
  private Instant wakeAt = Instant.MAX;

  /**
   * @param profiles what is known of the models, which grows
   * @param durable hears every event once it is durable
   */
  Controller(
      Timeline time,
      Profiles profiles,
      PlacementSettings settings,
      long seed,
      Consumer<Event> durable) {
    this.time = time;
    this.profiles = profiles;
    this.durable = durable;
    dispatch =
        new Dispatch(profiles, settings, DispatchSettings.DEFAULTS, new SplittableRandom(seed));
    dispatch.reign(1, time.now(), _ -> false);
  }

  /** Does a command; whoever sent it hears the reply. */
  void command(LongFunction<Command> make, Consumer<Reply> caller) {
    callers.put(++ticket, caller);
    dispatch.take(make.apply(ticket), time.now());
    settle();
  }

  Moves moves() {
    return dispatch.moves();
  }

  private void settle() {
    due = committing;
    if (committing) {
      return;
    }
    Dispatch.Step step = dispatch.settle(time.now());
    if (step.events().isEmpty()) {
      tell(step);
    } else {
      committing = true;
      time.after(COMMIT_SECONDS, () -> committed(step));
    }
    sleep();
  }

  private void committed(Dispatch.Step step) {
    committing = false;
    tell(step);
    for (Event event : step.events()) {
      if (event instanceof Event.AttemptEnded ended) {
        Observation.from(ended.result()).ifPresent(profiles::learn);
      }
      durable.accept(event);
    }
    if (due) {
      settle();
    }
  }

  private void tell(Dispatch.Step step) {
    for (Reply reply : step.replies()) {
      Consumer<Reply> caller = callers.remove(reply.ticket());
      if (caller != null) {
        caller.accept(reply);
      }
    }
  }

  /** It wakes when it has asked to be told that time has passed. */
  private void sleep() {
    Instant deadline = dispatch.nextDeadline();
    if (deadline.isBefore(wakeAt)) {
      wakeAt = deadline;
      time.at(deadline, () -> wake(deadline));
    }
  }

  private void wake(Instant deadline) {
    if (deadline.equals(wakeAt)) {
      wakeAt = Instant.MAX;
      settle();
    }
  }
}
