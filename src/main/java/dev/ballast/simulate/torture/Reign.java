package dev.ballast.simulate.torture;

import dev.ballast.balancer.PlacementSettings;
import dev.ballast.balancer.Priors;
import dev.ballast.balancer.Profiles;
import dev.ballast.dispatch.Command;
import dev.ballast.dispatch.Dispatch;
import dev.ballast.dispatch.DispatchSettings;
import dev.ballast.dispatch.DispatchSettings.BreakerSettings;
import dev.ballast.dispatch.DispatchSettings.Retention;
import dev.ballast.dispatch.Event;
import dev.ballast.dispatch.JournalException;
import dev.ballast.dispatch.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One controller: a dispatch, its reign, and its own idea of the time. */
final class Reign {
  static final DispatchSettings SETTINGS =
      DispatchSettings.DEFAULTS
          .withBreaker(new BreakerSettings(0.5, 5, Duration.ofSeconds(10)))
          .withRetention(new Retention(Duration.ofMinutes(5), Duration.ofSeconds(30), 8));

  private final FaultyStore store;
  private final long seed;
  private final long epoch;
  private Duration ahead;
  private Dispatch dispatch;
  private Dispatch.@Nullable Step writing;
  private int durable;

  /** Where a process dies in the middle of its work. */
  enum Death {
    /** Nothing of what it had decided is durable. */
    BEFORE_COMMIT,
    /** What was being written is durable, and nobody was told; what came behind is not. */
    INSIDE_COMMIT,
    /** All that it had decided is durable, and nobody was told. */
    AFTER_COMMIT
  }

  /** Reads the store and opens a reign. {@code ahead}: its clock before the true time. */
  Reign(FaultyStore store, long seed, Instant now, Duration ahead) {
    this.store = store;
    this.seed = seed;
    this.ahead = ahead;
    this.epoch = store.nextEpoch();
    this.dispatch = read(now);
  }

  long epoch() {
    return epoch;
  }

  Dispatch dispatch() {
    return dispatch;
  }

  /** When it must be told that time has passed, by the true time. */
  Instant nextDeadline() {
    Instant deadline = dispatch.nextDeadline();
    return deadline.equals(Instant.MAX) ? deadline : deadline.minus(ahead);
  }

  /** Whether something was decided that is not durable yet. */
  boolean isWriting() {
    return writing != null;
  }

  /**
   * Takes commands in while what was decided before is being written, as the loop does, and decides
   * once that is durable; what may be told is of that. A write that fails throws {@link
   * JournalException}; the state is then what the store says.
   *
   * @param watch sees what was decided, before it is durable
   */
  List<Reply> decide(List<Command> commands, Instant now, Consumer<List<Event>> watch) {
    commands.forEach(command -> dispatch.take(command, now.plus(ahead)));
    List<Reply> told = commit(now);
    writing = dispatch.settle(now.plus(ahead));
    watch.accept(writing.events());
    return told;
  }

  /** What was decided is durable now: what may be told of it. Throws as {@link #decide}. */
  List<Reply> commit(Instant now) {
    Dispatch.Step step = writing;
    writing = null;
    if (step == null) {
      return List.of();
    }
    if (!step.events().isEmpty()) {
      try {
        store.append(epoch, step.events());
      } catch (JournalException e) {
        if (store.isReignedBy(epoch)) {
          store.forgetFailed(durable);
          dispatch = read(now);
        }
        throw e;
      }
    }
    durable = store.size();
    return step.replies();
  }

  /** Does a command, and dies of it. */
  void die(Command command, Instant now, Death when) {
    Dispatch.Step step = dispatch.handle(command, now.plus(ahead));
    if (when != Death.BEFORE_COMMIT && writing != null) {
      store.commit(epoch, writing.events());
    }
    if (when == Death.AFTER_COMMIT || (when == Death.INSIDE_COMMIT && writing == null)) {
      store.commit(epoch, step.events());
    }
  }

  /** Its clock moves by that much, forth or back. */
  void jump(Duration by) {
    ahead = ahead.plus(by);
  }

  void snapshot() {
    store.snapshot(dispatch.snapshot());
  }

  private Dispatch read(Instant now) {
    durable = store.size();
    Dispatch fresh = fresh(seed);
    store.replay(fresh::apply);
    fresh.reign(epoch, now.plus(ahead), _ -> false);
    return fresh;
  }

  static Dispatch fresh(long seed) {
    // Every task counts as short, so that prefetching happens.
    return new Dispatch(
        new Profiles(Priors.DEFAULTS),
        PlacementSettings.DEFAULTS.withPrefetchBelow(1_000),
        SETTINGS,
        new SplittableRandom(seed));
  }
}
