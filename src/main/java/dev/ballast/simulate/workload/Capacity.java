package dev.ballast.simulate.workload;

import java.math.BigDecimal;
import org.ojalgo.optimisation.Expression;
import org.ojalgo.optimisation.ExpressionsBasedModel;
import org.ojalgo.optimisation.Optimisation;
import org.ojalgo.optimisation.Variable;

/**
 * What a fleet can do at best with a mix of models: the linear programme that splits each model
 * over the browser classes so that the fullest is as empty as possible.
 */
final class Capacity {
  private Capacity() {}

  /** Least fleet time per task, in seconds, when the models come in these shares; loads ignored. */
  static double secondsPerTask(Workload workload, double[] shares) {
    ExpressionsBasedModel model = new ExpressionsBasedModel();
    Variable time = model.addVariable("T").lower(0).weight(1);
    int classes = workload.browsers().size();
    Expression[] room = new Expression[classes];
    for (int at = 0; at < classes; at++) {
      BrowserClass browsers = workload.browsers().get(at);
      room[at] = model.addExpression("class" + at).upper(0);
      room[at].set(time, -(double) browsers.count() * browsers.slots());
    }
    for (int of = 0; of < workload.models().size(); of++) {
      if (workload.bestServiceSeconds(of) == Double.POSITIVE_INFINITY) {
        continue;
      }
      Expression all = model.addExpression("model" + of).level(BigDecimal.valueOf(shares[of]));
      for (int at = 0; at < classes; at++) {
        double service = workload.serviceSeconds(of, at);
        if (service < Double.POSITIVE_INFINITY) {
          Variable share = model.addVariable("x" + of + "_" + at).lower(0);
          all.set(share, 1);
          room[at].set(share, service);
        }
      }
    }
    Optimisation.Result result = model.minimise();
    if (!result.getState().isOptimal()) {
      throw new IllegalStateException(
          "the capacity of %s has no optimum: %s".formatted(workload.name(), result.getState()));
    }
    return result.get(0).doubleValue();
  }
}
