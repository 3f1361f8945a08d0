package dev.ballast.cli.simulation;

import dev.ballast.operator.validation.Suggestions;
import dev.ballast.simulate.workload.Beliefs;
import dev.ballast.simulate.workload.Builtin;
import dev.ballast.simulate.workload.Traffic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a user changes of a built-in workload: {@code key=value,…}. */
final class BuiltinParameters {
  private static final int MOST_LOAD = 100;
  private static final String ARRIVALS = "arrivals";
  private static final String LOAD = "load";
  private static final String TASKS = "tasks";
  private static final String PRIORS = "priors";

  private final List<String> problems = new ArrayList<>();
  private final Set<String> given = new HashSet<>();
  private final List<String> known;
  private Builtin adjusted;

  BuiltinParameters(Builtin builtin) {
    adjusted = builtin;
    known = builtin.shaped() ? List.of(LOAD, PRIORS) : List.of(ARRIVALS, LOAD, TASKS, PRIORS);
  }

  void read(String parameter) {
    int equals = parameter.indexOf('=');
    String key = equals < 0 ? parameter : parameter.substring(0, equals);
    String value = equals < 0 ? "" : parameter.substring(equals + 1);
    if (!known.contains(key)) {
      problems.add(
          "--workload: \"%s\" is no parameter of %s. %s"
              .formatted(key, adjusted.name(), Suggestions.advice(key, known)));
    } else if (!given.add(key)) {
      problems.add("--workload: %s is given twice.".formatted(key));
    } else {
      switch (key) {
        case ARRIVALS -> arrivals(value);
        case LOAD -> load(value);
        case PRIORS -> priors(value);
        default -> tasks(value);
      }
    }
  }

  /** The workload, or all that is wrong with what was read. */
  Workloads.Reading reading() {
    if (given.contains(LOAD) && adjusted.traffic() == Traffic.BATCH && problems.isEmpty()) {
      problems.add(
          "--workload: load=%s says nothing where all tasks come at time 0. Maybe with"
                  .formatted(adjusted.load())
              + " arrivals=poisson?");
    }
    return new Workloads.Reading(
        problems.isEmpty() ? Optional.of(adjusted) : Optional.empty(), problems);
  }

  private void arrivals(String value) {
    Arrays.stream(Traffic.values())
        .filter(each -> each.toString().equals(value))
        .findFirst()
        .ifPresentOrElse(
            traffic -> adjusted = adjusted.with(traffic),
            () -> wrong(ARRIVALS, value, "batch, poisson or bursty"));
  }

  private void load(String value) {
    double load = number(value);
    if (load > 0 && load <= MOST_LOAD) {
      adjusted = adjusted.withLoad(load);
    } else {
      wrong(LOAD, value, "a number above 0, for example 0.85");
    }
  }

  private void priors(String value) {
    Arrays.stream(Beliefs.values())
        .filter(each -> each.toString().equals(value))
        .findFirst()
        .ifPresentOrElse(
            beliefs -> adjusted = adjusted.withPriors(beliefs),
            () -> wrong(PRIORS, value, "flat, honest or inverted"));
  }

  private void tasks(String value) {
    double tasks = number(value);
    if (tasks >= 1 && tasks <= WorkloadReader.MOST_TASKS && tasks == Math.rint(tasks)) {
      adjusted = adjusted.withTasks((int) tasks);
    } else {
      wrong(TASKS, value, "a whole number from 1");
    }
  }

  private void wrong(String key, String value, String right) {
    problems.add("--workload: %s=%s: must be %s.".formatted(key, value, right));
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
