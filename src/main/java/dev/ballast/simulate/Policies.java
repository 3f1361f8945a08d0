package dev.ballast.simulate;

import dev.ballast.balancer.aware.BrowserAwareScheduler;
import dev.ballast.balancer.rival.Rivals;
import dev.ballast.balancer.schedule.Policy;
import java.util.ArrayList;
import java.util.List;

/** All rules that can be simulated, by the names of the contract. */
public final class Policies {
  /** Ours, with which all others are compared. */
  public static final String OURS = "browser-aware";

  private Policies() {}

  public static List<Policy> all() {
    List<Policy> all = new ArrayList<>(List.of(BrowserAwareScheduler.POLICY));
    all.addAll(Rivals.all());
    return all;
  }
}
