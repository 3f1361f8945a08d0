package dev.ballast.balancer.plan;

import org.ojalgo.optimisation.Expression;
import org.ojalgo.optimisation.ExpressionsBasedModel;
import org.ojalgo.optimisation.Optimisation;
import org.ojalgo.optimisation.Variable;

/**
 * The optimum of a {@link ShareProgram} by a general solver that shares no code with {@link
 * ShareSolver}: what decisions are measured against must not be wrong together with them.
 */
final class GeneralSolver {
  private GeneralSolver() {}

  /**
   * T + ε/S · Σ p·x at the optimum, in seconds.
   *
   * @throws IllegalStateException if ojAlgo finds no optimum
   */
  static double optimum(ShareProgram program) {
    int models = program.demand().length;
    int pools = program.slots().length;
    double workWeight = program.epsilon() / program.allSlots();
    ExpressionsBasedModel general = new ExpressionsBasedModel();
    Variable end = general.newVariable("T").lower(0).weight(1);
    Expression[] capacity = new Expression[pools];
    for (int c = 0; c < pools; c++) {
      capacity[c] = general.newExpression("pool" + c).upper(-program.busySeconds()[c]);
      capacity[c].set(end, -program.slots()[c]);
    }
    for (int m = 0; m < models; m++) {
      if (program.demand()[m] == 0 || !program.runsSomewhere(m)) {
        continue;
      }
      Expression demand = general.newExpression("model" + m).level(program.demand()[m]);
      for (int c = 0; c < pools; c++) {
        if (program.allowed(m, c)) {
          double seconds = program.seconds()[m][c];
          Variable share = general.newVariable("x" + m + "_" + c).lower(0);
          share.weight(workWeight * seconds);
          demand.set(share, 1);
          capacity[c].set(share, seconds);
        }
      }
    }
    Optimisation.Result result = general.minimise();
    if (!result.getState().isOptimal()) {
      throw new IllegalStateException("ojAlgo says %s".formatted(result.getState()));
    }
    return result.getValue();
  }
}
