package dev.ballast.simulate.workload;

import dev.ballast.balancer.Priors;
import dev.ballast.model.Backend;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * One instance of what is simulated.
 *
 * @param priors what the policies are told in advance
 */
public record Workload(
    String name,
    List<BrowserClass> browsers,
    List<SimulatedModel> models,
    Arrivals arrivals,
    List<Disruption> disruptions,
    Priors priors) {
  public Workload {
    browsers = List.copyOf(browsers);
    models = List.copyOf(models);
    disruptions = List.copyOf(disruptions);
  }

  /** Slots of all browsers. */
  public int slots() {
    return browsers.stream().mapToInt(browsers -> browsers.count() * browsers.slots()).sum();
  }

  /** Shortest true mean at any backend of the class; infinite where the model can't run. */
  public double serviceSeconds(int model, int browserClass) {
    SimulatedModel of = models.get(model);
    BrowserClass at = browsers.get(browserClass);
    if (of.memoryMiB() > at.memoryMiB()) {
      return Double.POSITIVE_INFINITY;
    }
    var times = of.serviceSeconds().get(at.name());
    double best = Double.POSITIVE_INFINITY;
    if (times != null) {
      for (var time : times.entrySet()) {
        if (at.backends().contains(time.getKey())) {
          best = Math.min(best, time.getValue());
        }
      }
    }
    return best;
  }

  /** Shortest true mean anywhere; infinite when the model fits nowhere. */
  public double bestServiceSeconds(int model) {
    double best = Double.POSITIVE_INFINITY;
    for (int at = 0; at < browsers.size(); at++) {
      best = Math.min(best, serviceSeconds(model, at));
    }
    return best;
  }

  /** The same for what starts at that time, in seconds: releases before it count. */
  public double serviceSeconds(int model, int browserClass, double atSeconds) {
    return released(serviceSeconds(model, browserClass), model, browserClass, atSeconds);
  }

  /** The same on one backend; infinite where the model can't run on it. */
  public double serviceSeconds(int model, int browserClass, Backend backend, double atSeconds) {
    var times = models.get(model).serviceSeconds().get(browsers.get(browserClass).name());
    double seconds =
        times == null
            ? Double.POSITIVE_INFINITY
            : times.getOrDefault(backend, Double.POSITIVE_INFINITY);
    return released(seconds, model, browserClass, atSeconds);
  }

  private double released(double secondsBefore, int model, int browserClass, double atSeconds) {
    double seconds = secondsBefore;
    for (Disruption.Release release : releases()) {
      if (release.atSeconds() <= atSeconds && changes(release, model, browserClass)) {
        seconds *= release.factor();
      }
    }
    return seconds;
  }

  /** Shortest true mean anywhere for what starts at that time. */
  public double bestServiceSeconds(int model, double atSeconds) {
    double best = Double.POSITIVE_INFINITY;
    for (int at = 0; at < browsers.size(); at++) {
      best = Math.min(best, serviceSeconds(model, at, atSeconds));
    }
    return best;
  }

  /** Shortest true mean in the class at any time. */
  public double leastServiceSeconds(int model, int browserClass) {
    double least = serviceSeconds(model, browserClass);
    for (Disruption.Release release : releases()) {
      least = Math.min(least, serviceSeconds(model, browserClass, release.atSeconds()));
    }
    return least;
  }

  /** Releases of browsers, in the order of time. */
  public List<Disruption.Release> releases() {
    return disruptions.stream()
        .filter(Disruption.Release.class::isInstance)
        .map(Disruption.Release.class::cast)
        .sorted(Comparator.comparingDouble(Disruption.Release::atSeconds))
        .toList();
  }

  /** Whether the release changes what the model takes in the class. */
  public boolean changes(Disruption.Release release, int model, int browserClass) {
    return release.browserClass() == browserClass && release.family() == models.get(model).family();
  }

  /** Whether the class can run the model on more than one backend. */
  public boolean choosesBackend(int model, int browserClass) {
    BrowserClass at = browsers.get(browserClass);
    var times = models.get(model).serviceSeconds().getOrDefault(at.name(), Map.of());
    return at.backends().stream().filter(times::containsKey).count() > 1;
  }

  public double loadSeconds(int model, int browserClass) {
    return models.get(model).loadSeconds().getOrDefault(browsers.get(browserClass).name(), 0.0);
  }

  public Workload withDisruptions(List<Disruption> other) {
    return new Workload(name, browsers, models, arrivals, other, priors);
  }

  public Workload withArrivals(Arrivals other) {
    return new Workload(name, browsers, models, other, disruptions, priors);
  }
}
