package dev.ballast.simulate;

import dev.ballast.model.Backend;
import dev.ballast.simulate.workload.BrowserClass;
import dev.ballast.simulate.workload.Disruption;
import dev.ballast.simulate.workload.SimulatedModel;
import dev.ballast.simulate.workload.Workload;
import java.util.List;
import java.util.Map;

/** The true means of a workload in arrays: by model, browser class and backend. */
final class Truth {
  private final Workload workload;
  private final List<Backend> backends;
  private final double[][][] service;
  private final double[][] load;
  private long version;

  Truth(Workload workload) {
    this.workload = workload;
    this.backends =
        workload.browsers().stream()
            .flatMap(browsers -> browsers.backends().stream())
            .distinct()
            .sorted()
            .toList();
    int models = workload.models().size();
    int classes = workload.browsers().size();
    service = new double[models][classes][backends.size()];
    load = new double[models][classes];
    for (int of = 0; of < models; of++) {
      SimulatedModel model = workload.models().get(of);
      for (int at = 0; at < classes; at++) {
        BrowserClass browsers = workload.browsers().get(at);
        var times = model.serviceSeconds().getOrDefault(browsers.name(), Map.of());
        load[of][at] = workload.loadSeconds(of, at);
        for (int on = 0; on < backends.size(); on++) {
          Backend backend = backends.get(on);
          boolean runs =
              browsers.backends().contains(backend) && model.memoryMiB() <= browsers.memoryMiB();
          service[of][at][on] =
              runs
                  ? times.getOrDefault(backend, Double.POSITIVE_INFINITY)
                  : Double.POSITIVE_INFINITY;
        }
      }
    }
  }

  Workload workload() {
    return workload;
  }

  List<Backend> backends() {
    return backends;
  }

  /** A model on a backend, as one number. */
  int variant(int model, int backend) {
    return model * backends.size() + backend;
  }

  int backend(int variant) {
    return variant % backends.size();
  }

  double serviceSeconds(int model, int browserClass, int backend) {
    return service[model][browserClass][backend];
  }

  /** A browser was released: it takes other times from now on. */
  void release(Disruption.Release release) {
    version++;
    for (int model = 0; model < service.length; model++) {
      if (workload.changes(release, model, release.browserClass())) {
        double[] times = service[model][release.browserClass()];
        for (int on = 0; on < times.length; on++) {
          times[on] *= release.factor();
        }
      }
    }
  }

  /** Changes when times do. */
  long version() {
    return version;
  }

  double loadSeconds(int model, int browserClass) {
    return load[model][browserClass];
  }

  boolean placeable(int model) {
    return workload.bestServiceSeconds(model) < Double.POSITIVE_INFINITY;
  }
}
