package dev.ballast.simulate.workload;

import java.util.Optional;

/** The workloads that come with Ballast. */
public final class Builtins {
  private Builtins() {}

  /** For example {@code hetero}, {@code hetero:arrivals=poisson,load=0.9}. */
  public static Optional<WorkloadSource> find(String text) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    Traffic traffic = name.equals("hetero") ? Traffic.BATCH : Traffic.POISSON;
    double load = 0.85;
    int tasks = 4000;
    if (colon >= 0) {
      for (String pair : text.substring(colon + 1).split(",", -1)) {
        String[] parts = pair.split("=", 2);
        switch (parts[0]) {
          case "arrivals" -> traffic = Traffic.valueOf(parts[1].toUpperCase(java.util.Locale.ROOT));
          case "load" -> load = Double.parseDouble(parts[1]);
          case "tasks" -> tasks = Integer.parseInt(parts[1]);
          default -> throw new IllegalArgumentException(pair);
        }
      }
    }
    return switch (name) {
      case "hetero" -> Optional.of(new Hetero(traffic, load));
      case "seed-mix" -> Optional.of(new SeedMix(name, SeedMix.CLAIMED, traffic, load, tasks));
      case "seed-wrong" -> Optional.of(new SeedMix(name, SeedMix.CONTRARY, traffic, load, tasks));
      default -> Optional.empty();
    };
  }
}
