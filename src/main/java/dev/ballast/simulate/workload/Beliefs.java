package dev.ballast.simulate.workload;

import dev.ballast.balancer.Priors;
import dev.ballast.balancer.Priors.Affinity;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.ModelFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the policies are told in advance of a workload's true times. */
public enum Beliefs {
  /** Nothing. */
  FLAT,
  /** How fast each kind of browser is for each family, in the geometric mean over its models. */
  HONEST,
  /** The contrary: what is fast is said to be as slow. */
  INVERTED;

  /** The workload with these beliefs instead of its own. */
  Workload about(Workload workload) {
    List<Affinity> affinities = new ArrayList<>();
    if (this != FLAT) {
      List<BrowserKind> kinds =
          workload.browsers().stream().map(BrowserClass::kind).distinct().toList();
      List<ModelFamily> families =
          workload.models().stream().map(SimulatedModel::family).distinct().toList();
      for (ModelFamily family : families) {
        for (BrowserKind kind : kinds) {
          double log = speedLog(workload, family, kind);
          affinities.add(new Affinity(family, kind, StrictMath.exp(this == HONEST ? log : -log)));
        }
      }
    }
    return new Workload(
        workload.name(),
        workload.browsers(),
        workload.models(),
        workload.arrivals(),
        workload.disruptions(),
        new Priors(affinities, workload.priors().weight()));
  }

  /** Mean over models and classes of ln(the model's typical time ÷ its time there). */
  private static double speedLog(Workload workload, ModelFamily family, BrowserKind kind) {
    double sum = 0;
    int pairs = 0;
    for (int of = 0; of < workload.models().size(); of++) {
      if (workload.models().get(of).family() == family) {
        double typical = typicalLog(workload, of);
        for (int at = 0; at < workload.browsers().size(); at++) {
          double seconds = workload.serviceSeconds(of, at);
          if (workload.browsers().get(at).kind().equals(kind)
              && seconds < Double.POSITIVE_INFINITY) {
            sum += typical - StrictMath.log(seconds);
            pairs++;
          }
        }
      }
    }
    return pairs == 0 ? 0 : sum / pairs;
  }

  private static double typicalLog(Workload workload, int model) {
    double sum = 0;
    int classes = 0;
    for (int at = 0; at < workload.browsers().size(); at++) {
      double seconds = workload.serviceSeconds(model, at);
      if (seconds < Double.POSITIVE_INFINITY) {
        sum += StrictMath.log(seconds);
        classes++;
      }
    }
    return classes == 0 ? 0 : sum / classes;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
