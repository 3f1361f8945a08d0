package dev.ballast.cli.report.html;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An axis from {@code low} to {@code high}, in percent of the width of its plot. Logarithmic where
 * the values span more than a factor of three, so that equal ratios look equal.
 */
record Scale(double low, double high, boolean logarithmic) {
  private static final double LOG_FROM = 3;

  /** An axis that holds all values, with a little air at both ends. */
  static Scale of(double lowest, double highest) {
    double low = Math.max(lowest, 1e-6);
    double high = Math.max(highest, low * 1.0001);
    if (high / low > LOG_FROM) {
      double air = Math.pow(high / low, 0.03);
      return new Scale(low / air, high * air, true);
    }
    double air = Math.max((high - low) * 0.05, high * 0.01);
    return new Scale(Math.max(0, low - air), high + air, false);
  }

  double percent(double value) {
    double share =
        logarithmic
            ? Math.log(Math.max(value, low) / low) / Math.log(high / low)
            : (value - low) / (high - low);
    return Math.clamp(share * 100, 0, 100);
  }

  /** For an attribute: {@code 12.34%}. */
  String at(double value) {
    return percentage(percent(value));
  }

  static String percentage(double percent) {
    return String.format(Locale.ROOT, "%.2f%%", percent);
  }

  /** At most {@code most} round values on the axis. */
  List<Double> ticks(int most) {
    for (int coarseness = 0; ; coarseness++) {
      List<Double> ticks = logarithmic ? logTicks(coarseness) : linearTicks(coarseness);
      if (ticks.size() <= most) {
        return ticks;
      }
    }
  }

  private List<Double> logTicks(int coarseness) {
    List<Double> ticks = new ArrayList<>();
    double[] steps =
        switch (coarseness) {
          case 0 -> new double[] {1, 2, 5};
          case 1 -> new double[] {1, 3};
          default -> new double[] {1};
        };
    int every = Math.max(1, coarseness - 1);
    int first = (int) Math.floor(Math.log10(low));
    int last = (int) Math.ceil(Math.log10(high));
    for (int decade = first; decade <= last; decade++) {
      for (double step : steps) {
        double tick = step * Math.pow(10, decade);
        if (tick >= low && tick <= high && Math.floorMod(decade, every) == 0) {
          ticks.add(tick);
        }
      }
    }
    return ticks;
  }

  private List<Double> linearTicks(int coarseness) {
    double decade = Math.pow(10, Math.floor(Math.log10((high - low) / 2)) - 1);
    double[] steps = {1, 2, 5};
    double step = decade * steps[coarseness % 3] * Math.pow(10, Math.floorDiv(coarseness, 3));
    List<Double> ticks = new ArrayList<>();
    for (double tick = Math.ceil(low / step) * step; tick <= high; tick += step) {
      ticks.add(tick);
      if (ticks.size() > 1000) {
        break;
      }
    }
    return ticks;
  }
}
