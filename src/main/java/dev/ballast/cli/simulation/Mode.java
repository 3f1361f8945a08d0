package dev.ballast.cli.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What {@code simulate} is asked to do, by the option that asks for it. */
enum Mode {
  LIST("--list"),
  TORTURE("--torture"),
  FORECAST("--forecast"),
  SCALING("--scaling"),
  STEALING("--stealing"),
  CLAIMS("--claims"),
  WORKLOAD("--workload");

  private static final List<String> ADJUSTING =
      List.of(
          "--policies",
          "--replications",
          "--seed",
          "--seeds",
          "--known-times",
          "--timing",
          "--output",
          "--report",
          "--series",
          "--tick");

  private final String option;

  Mode(String option) {
    this.option = option;
  }

  /** Options that change what it does. */
  private Set<String> heard() {
    return switch (this) {
      case LIST, CLAIMS -> Set.of();
      case TORTURE -> Set.of("--seeds", "--seed");
      case FORECAST -> Set.of("--seed", "--series", "--tick", "--report");
      case SCALING -> Set.of("--replications", "--seed", "--report");
      case STEALING -> Set.of("--replications", "--seed");
      case WORKLOAD ->
          Set.of(
              "--policies",
              "--replications",
              "--seed",
              "--known-times",
              "--timing",
              "--output",
              "--report");
    };
  }

  /** What those options ask for; empty: for nothing. */
  static Optional<Mode> of(Predicate<String> given) {
    return Arrays.stream(values()).filter(mode -> given.test(mode.option)).findFirst();
  }

  /** Options that ask for something else, or that would change nothing: one line each. */
  List<String> problems(Predicate<String> given) {
    List<String> problems = new ArrayList<>();
    for (Mode other : values()) {
      if (other != this && given.test(other.option)) {
        problems.add("%s and %s: must be one or the other.".formatted(option, other.option));
      }
    }
    for (String adjusting : ADJUSTING) {
      if (given.test(adjusting) && !heard().contains(adjusting)) {
        problems.add("%s: says nothing to %s.".formatted(adjusting, option));
      }
    }
    return problems;
  }
}
