package dev.ballast.simulate.workload;

import dev.ballast.balancer.Priors;
import java.util.List;

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
