package dev.ballast.store;

import dev.ballast.balancer.Priors;
import dev.ballast.balancer.Profiles;
import dev.ballast.dispatch.Dispatch;
import dev.ballast.dispatch.DispatchSettings;
import dev.ballast.dispatch.Event;
import dev.ballast.dispatch.Journal;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

/** The state that a journal's events lead to, as a snapshot of it. */
final class TestingSnapshots {
  private TestingSnapshots() {}

  static List<Event> of(Journal journal) {
    Profiles profiles = new Profiles(Priors.DEFAULTS);
    Dispatch dispatch = new Dispatch(profiles, DispatchSettings.DEFAULTS, new SplittableRandom(1));
    journal.replay(dispatch::apply);
    dispatch.reign(journal.nextEpoch(), Instant.parse("2026-01-01T00:02:00Z"), _ -> false);
    return dispatch.snapshot();
  }
}
