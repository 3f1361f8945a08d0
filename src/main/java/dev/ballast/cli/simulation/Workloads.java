package dev.ballast.cli.simulation;

import dev.ballast.balancer.schedule.Policy;
import dev.ballast.operator.validation.Suggestions;
import dev.ballast.simulate.Policies;
import dev.ballast.simulate.workload.Builtin;
import dev.ballast.simulate.workload.Traffic;
import dev.ballast.simulate.workload.Workload;
import dev.ballast.simulate.workload.WorkloadSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds what {@code --workload} names. */
public final class Workloads {
  private static final String PREFIX = "builtin:";
  private static final String REPLAY = "replay";

  private Workloads() {}

  /** A source, or what is wrong. */
  public record Reading(Optional<WorkloadSource> source, List<String> problems) {
    public Reading {
      problems = List.copyOf(problems);
    }
  }

  public static Reading read(String named) {
    if (!named.startsWith(PREFIX)) {
      return fixed(WorkloadReader.read(Path.of(named)));
    }
    String text = named.substring(PREFIX.length());
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    String parameters = colon < 0 ? "" : text.substring(colon + 1);
    if (name.equals(REPLAY)) {
      return replay(parameters);
    }
    List<String> names = new ArrayList<>(Builtin.all().stream().map(Builtin::name).toList());
    names.add(REPLAY);
    return Builtin.find(name)
        .map(builtin -> adjusted(builtin, parameters))
        .orElseGet(() ->
            new Reading(
                Optional.empty(),
                List.of(
                    "--workload: \"%s\" is no built-in workload. %s"
                        .formatted(name, Suggestions.advice(name, names)))));
  }

  private static Reading fixed(WorkloadReader.Reading reading) {
    return new Reading(reading.workload().map(WorkloadSource::fixed), reading.problems());
  }

  /** {@code file=F.csv}: arrivals of models of seed-mix. */
  private static Reading replay(String parameters) {
    if (!parameters.startsWith("file=")) {
      return new Reading(
          Optional.empty(),
          List.of("--workload: a replay needs its arrivals: builtin:replay:file=F.csv"));
    }
    Workload idle = Builtin.find("seed-mix").orElseThrow().idle();
    Workload named =
        new Workload(
            REPLAY,
            idle.browsers(),
            idle.models(),
            idle.arrivals(),
            idle.disruptions(),
            idle.priors());
    return fixed(WorkloadReader.replay(named, Path.of(parameters.substring("file=".length()))));
  }

  private static Reading adjusted(Builtin builtin, String parameters) {
    BuiltinParameters given = new BuiltinParameters(builtin);
    if (!parameters.isEmpty()) {
      for (String parameter : parameters.split(",", -1)) {
        given.read(parameter);
      }
    }
    return given.reading();
  }

  /** For {@code --list}. */
  public static String list() {
    StringBuilder text = new StringBuilder("Built-in workloads (--workload builtin:NAME):\n");
    for (Builtin builtin : Builtin.all()) {
      text.append("  %-13s %s%n".formatted(builtin.name(), builtin.description()));
    }
    text.append("  %-13s %s%n".formatted(REPLAY, "arrivals of a CSV on seed-mix: :file=F.csv"));
    text.append(
        """

        Any of them may be changed: builtin:NAME:key=value,key=value
          arrivals=%s   (not: burst, diurnal)
          load=0.85     rate of arrivals ÷ what the fleet can do at best (loads of models ignored; not with arrivals=batch)
          tasks=4000    how many (not: burst, diurnal)
          priors=flat|honest|inverted   what policies are told of kinds of browsers in advance

        Policies (--policies a,b):
        """
            .formatted(
                String.join("|", Arrays.stream(Traffic.values()).map(Traffic::toString).toList())
                    .toLowerCase(Locale.ROOT)));
    for (Policy policy : Policies.all()) {
      text.append("  %-19s %s%n".formatted(policy.name(), policy.source()));
    }
    return text.toString();
  }
}
