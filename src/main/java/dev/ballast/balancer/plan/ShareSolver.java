package dev.ballast.balancer.plan;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Solves a {@link ShareProgram} by the primal simplex with generalised upper bounds (Dantzig, Van
 * Slyke 1967): every share is in exactly one demand row, so that only a working basis of pools ×
 * pools is ever inverted, and a step costs models × pools. The split of each model to its cheapest
 * pool is feasible, so that there is no first phase. Deterministic: ties go to the lowest index.
 *
 * <p>Own code because a general solver does not do: it is asked after every few dozen decisions (10
 * to 30 times as fast as ojAlgo on 12 × 6 to 100 × 100), and the duals are half of the answer:
 * those of ojAlgo 57.1's model interface did not add up (Σ n·λ ≠ 1) on programmes of 12 × 6 and
 * more. {@code ShareSolverTest} holds it to ojAlgo's optimum.
 */
public final class ShareSolver {
  private static final double TOLERANCE = 1e-9;
  private static final int REFACTOR_EVERY = 60;
  private static final int DEGENERATE_BEFORE_BLAND = 40;

  /** A basic column: the end T, the idle time of a pool, or a share of a model on a pool. */
  private static final int END = -1;

  private static final int IDLE = -2;

  private final ShareProgram program;
  private final int models;
  private final int pools;
  private final double workWeight;
  private final int[] rows;

  private final int[] key;
  private final double[] keyValue;
  private final int[] basicModel;
  private final int[] basicPool;
  private final double[] value;
  private final double[][] inverse;
  private final double[] dual;
  private final double[] modelDual;
  private final double[] column;
  private final double[] direction;
  private int pivots;
  private int degenerate;

  private ShareSolver(ShareProgram program) {
    this.program = program;
    models = program.demand().length;
    pools = program.slots().length;
    workWeight = program.epsilon() / Math.max(program.allSlots(), 1e-300);
    int placeable = 0;
    int[] kept = new int[models];
    for (int m = 0; m < models; m++) {
      if (program.demand()[m] > 0 && program.runsSomewhere(m)) {
        kept[placeable++] = m;
      }
    }
    rows = Arrays.copyOf(kept, placeable);
    key = new int[models];
    keyValue = new double[models];
    basicModel = new int[pools];
    basicPool = new int[pools];
    value = new double[pools];
    inverse = new double[pools][pools];
    dual = new double[pools];
    modelDual = new double[models];
    column = new double[pools];
    direction = new double[pools];
  }

  /** The optimum. Models that can run nowhere are left out. */
  public static Shares solve(ShareProgram program) {
    return solve(program, null);
  }

  /**
   * The optimum, reached sooner when {@code prices} are those of a similar programme.
   *
   * @param prices λ(c) to start from, or null
   */
  public static Shares solve(ShareProgram program, double @Nullable [] prices) {
    return new ShareSolver(program).run(prices);
  }

  private Shares run(double @Nullable [] prices) {
    start(prices);
    int limit = 200 * (rows.length + pools) + 1000;
    while (pivots < limit && pivot()) {
      pivots++;
      if (pivots % REFACTOR_EVERY == 0) {
        refactor();
      }
    }
    if (pivots >= limit) {
      throw new IllegalStateException(
          "no optimum after %d pivots for %d models and %d pools"
              .formatted(pivots, rows.length, pools));
    }
    refactor();
    return answer();
  }

  /** Every model on one pool; the pool that ends last determines T, the others idle until then. */
  private void start(double @Nullable [] prices) {
    double[] load = program.busySeconds().clone();
    for (int m : rows) {
      int best = -1;
      double least = Double.POSITIVE_INFINITY;
      for (int c = 0; c < pools; c++) {
        if (program.allowed(m, c)) {
          double p = program.seconds()[m][c];
          double cost =
              prices == null
                  ? (load[c] + p * program.demand()[m]) / program.slots()[c]
                  : p * (prices[c] + workWeight);
          if (cost < least) {
            least = cost;
            best = c;
          }
        }
      }
      key[m] = best;
      load[best] += program.seconds()[m][best] * program.demand()[m];
    }
    int last = -1;
    double end = -1;
    for (int c = 0; c < pools; c++) {
      basicModel[c] = IDLE;
      basicPool[c] = c;
      if (program.slots()[c] > 0 && load[c] / program.slots()[c] > end) {
        end = load[c] / program.slots()[c];
        last = c;
      }
    }
    if (last >= 0) {
      basicModel[last] = END;
    }
    refactor();
  }

  /** The column of a variable once its model's key share has made room for it. */
  private void reducedColumn(int model, int pool) {
    Arrays.fill(column, 0);
    if (model == END) {
      for (int c = 0; c < pools; c++) {
        column[c] = -program.slots()[c];
      }
    } else if (model == IDLE) {
      column[pool] = 1;
    } else {
      column[pool] += program.seconds()[model][pool];
      column[key[model]] -= program.seconds()[model][key[model]];
    }
  }

  private double reducedCost(int model, int pool) {
    if (model == END) {
      return 1;
    }
    return model == IDLE
        ? 0
        : workWeight * (program.seconds()[model][pool] - program.seconds()[model][key[model]]);
  }

  /** Inverts the working basis anew and computes all values from it. */
  private void refactor() {
    double[][] a = new double[pools][2 * pools];
    for (int i = 0; i < pools; i++) {
      reducedColumn(basicModel[i], basicPool[i]);
      for (int c = 0; c < pools; c++) {
        a[c][i] = column[c];
      }
      a[i][pools + i] = 1;
    }
    for (int i = 0; i < pools; i++) {
      int largest = i;
      for (int r = i + 1; r < pools; r++) {
        if (Math.abs(a[r][i]) > Math.abs(a[largest][i])) {
          largest = r;
        }
      }
      double[] swap = a[i];
      a[i] = a[largest];
      a[largest] = swap;
      double pivot = a[i][i];
      for (int k = i; k < 2 * pools; k++) {
        a[i][k] /= pivot;
      }
      for (int r = 0; r < pools; r++) {
        double factor = a[r][i];
        if (r != i && factor != 0) {
          for (int k = i; k < 2 * pools; k++) {
            a[r][k] -= factor * a[i][k];
          }
        }
      }
    }
    for (int i = 0; i < pools; i++) {
      System.arraycopy(a[i], pools, inverse[i], 0, pools);
    }
    values();
    duals();
  }

  private void values() {
    double[] right = new double[pools];
    for (int c = 0; c < pools; c++) {
      right[c] = program.slots()[c] > 0 ? -program.busySeconds()[c] : 0;
    }
    for (int m : rows) {
      right[key[m]] -= program.seconds()[m][key[m]] * program.demand()[m];
      keyValue[m] = program.demand()[m];
    }
    for (int i = 0; i < pools; i++) {
      double sum = 0;
      for (int c = 0; c < pools; c++) {
        sum += inverse[i][c] * right[c];
      }
      value[i] = Math.max(0, sum);
      if (basicModel[i] >= 0) {
        keyValue[basicModel[i]] -= value[i];
      }
    }
  }

  private void duals() {
    Arrays.fill(dual, 0);
    for (int i = 0; i < pools; i++) {
      double cost = reducedCost(basicModel[i], basicPool[i]);
      if (cost != 0) {
        for (int c = 0; c < pools; c++) {
          dual[c] += cost * inverse[i][c];
        }
      }
    }
    for (int m : rows) {
      modelDual[m] = program.seconds()[m][key[m]] * (workWeight - dual[key[m]]);
    }
  }

  /** One exchange of the basis; false at the optimum. */
  private boolean pivot() {
    boolean bland = degenerate > DEGENERATE_BEFORE_BLAND;
    int model = IDLE;
    int pool = -1;
    double steepest = -TOLERANCE;
    search:
    for (int m : rows) {
      double scale = TOLERANCE + modelDual[m];
      for (int c = 0; c < pools; c++) {
        if (program.allowed(m, c)) {
          double cost = program.seconds()[m][c] * (workWeight - dual[c]) - modelDual[m];
          double relative = cost / scale;
          if (relative < steepest) {
            model = m;
            pool = c;
            steepest = relative;
            if (bland) {
              break search;
            }
          }
        }
      }
    }
    if (pool < 0 || !bland) {
      for (int c = 0; c < pools; c++) {
        // Idle time costs nothing itself: its reduced cost is −dual, and the dual is not positive.
        double relative = -dual[c] * program.allSlots();
        if (relative < steepest) {
          model = IDLE;
          pool = c;
          steepest = relative;
        }
      }
    }
    if (pool < 0) {
      return false;
    }
    exchange(model, pool);
    return true;
  }

  private void exchange(int model, int pool) {
    reducedColumn(model, pool);
    double[] keyRate = new double[models];
    if (model >= 0) {
      keyRate[model] = -1;
    }
    for (int i = 0; i < pools; i++) {
      double sum = 0;
      for (int c = 0; c < pools; c++) {
        if (column[c] != 0) {
          sum += inverse[i][c] * column[c];
        }
      }
      direction[i] = sum;
      if (basicModel[i] >= 0) {
        keyRate[basicModel[i]] += sum;
      }
    }
    double step = Double.POSITIVE_INFINITY;
    int leaving = -1;
    int leavingKey = -1;
    double size = 0;
    for (int i = 0; i < pools; i++) {
      if (direction[i] > TOLERANCE) {
        double ratio = value[i] / direction[i];
        if (ratio < step - TOLERANCE || (ratio <= step + TOLERANCE && direction[i] > size)) {
          step = Math.min(step, ratio);
          leaving = i;
          size = direction[i];
        }
      }
    }
    for (int m : rows) {
      if (keyRate[m] < -TOLERANCE) {
        double ratio = keyValue[m] / -keyRate[m];
        if (ratio < step - TOLERANCE || (ratio <= step + TOLERANCE && -keyRate[m] > size)) {
          step = Math.min(step, ratio);
          leavingKey = m;
          leaving = -1;
          size = -keyRate[m];
        }
      }
    }
    if (leaving < 0 && leavingKey < 0) {
      throw new IllegalStateException("unbounded: a pool without slots took work");
    }
    degenerate = step > TOLERANCE ? 0 : degenerate + 1;
    step = Math.max(0, step);
    for (int i = 0; i < pools; i++) {
      value[i] = Math.max(0, value[i] - step * direction[i]);
    }
    for (int m : rows) {
      if (keyRate[m] != 0) {
        keyValue[m] = Math.max(0, keyValue[m] + step * keyRate[m]);
      }
    }
    if (leavingKey >= 0) {
      int heir = -1;
      for (int i = 0; i < pools; i++) {
        if (basicModel[i] == leavingKey
            && (heir < 0 || Math.abs(direction[i]) > Math.abs(direction[heir]))) {
          heir = i;
        }
      }
      if (heir < 0) {
        // Only the entering share is left of the model: it becomes the key, the basis stays.
        key[model] = pool;
        keyValue[model] = step;
        duals();
        return;
      }
      // The heir becomes the key; the old key takes its place in the basis, and leaves from there.
      double[] row = inverse[heir];
      for (int c = 0; c < pools; c++) {
        row[c] = -row[c];
      }
      double turned = -direction[heir];
      for (int i = 0; i < pools; i++) {
        if (i != heir && basicModel[i] == leavingKey) {
          for (int c = 0; c < pools; c++) {
            row[c] -= inverse[i][c];
          }
          turned -= direction[i];
        }
      }
      int newKey = basicPool[heir];
      keyValue[leavingKey] = value[heir];
      basicPool[heir] = key[leavingKey];
      key[leavingKey] = newKey;
      if (model == leavingKey) {
        // Its column is now relative to another key.
        reducedColumn(model, pool);
        turned = 0;
        for (int c = 0; c < pools; c++) {
          turned += row[c] * column[c];
        }
        for (int i = 0; i < pools; i++) {
          double sum = 0;
          for (int c = 0; c < pools; c++) {
            sum += inverse[i][c] * column[c];
          }
          direction[i] = sum;
        }
      }
      direction[heir] = turned;
      leaving = heir;
    }
    double[] pivotRow = inverse[leaving];
    double pivot = direction[leaving];
    for (int c = 0; c < pools; c++) {
      pivotRow[c] /= pivot;
    }
    for (int i = 0; i < pools; i++) {
      double factor = direction[i];
      if (i != leaving && factor != 0) {
        double[] row = inverse[i];
        for (int c = 0; c < pools; c++) {
          row[c] -= factor * pivotRow[c];
        }
      }
    }
    basicModel[leaving] = model;
    basicPool[leaving] = pool;
    value[leaving] = step;
    duals();
  }

  private Shares answer() {
    double[][] tasks = new double[models][pools];
    double end = 0;
    for (int m : rows) {
      tasks[m][key[m]] = Math.max(0, keyValue[m]);
    }
    for (int i = 0; i < pools; i++) {
      if (basicModel[i] >= 0) {
        tasks[basicModel[i]][basicPool[i]] = value[i];
      } else if (basicModel[i] == END) {
        end = value[i];
      }
    }
    double[] price = new double[pools];
    for (int c = 0; c < pools; c++) {
      price[c] = Math.max(0, -dual[c]) + workWeight;
    }
    double[] modelPrice = new double[models];
    for (int m = 0; m < models; m++) {
      modelPrice[m] = Double.POSITIVE_INFINITY;
      for (int c = 0; c < pools; c++) {
        if (program.allowed(m, c)) {
          modelPrice[m] = Math.min(modelPrice[m], program.seconds()[m][c] * price[c]);
        }
      }
    }
    return new Shares(tasks, price, modelPrice, end, pivots);
  }
}
