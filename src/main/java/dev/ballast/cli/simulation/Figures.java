package dev.ballast.cli.simulation;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** How figures are written. */
final class Figures {
  private static final MathContext WRITTEN = new MathContext(9);

  private Figures() {}

  /** Nine significant digits: more would only be noise of arithmetic. */
  static double written(double value) {
    return value == 0 ? 0 : new BigDecimal(value).round(WRITTEN).doubleValue();
  }

  /** For people: three or four significant digits, no exponent. */
  static String shown(double value) {
    double size = Math.abs(value);
    String form = size >= 1000 ? "%,.0f" : size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f";
    return Double.isFinite(value)
        ? String.format(Locale.ROOT, size > 0 && size < 0.1 ? "%.3f" : form, value)
        : "";
  }
}
