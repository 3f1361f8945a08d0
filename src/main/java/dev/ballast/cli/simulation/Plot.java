package dev.ballast.cli.simulation;

import dev.ballast.cli.report.Html;
import java.util.Locale;

/** An SVG picture with linear or logarithmic axes, in the units of its own view box. */
final class Plot {
  static final double WIDTH = 1000;

  /** Width of a letter of a label, roughly. */
  private static final double LETTER = 7;

  private final StringBuilder svg = new StringBuilder();
  private final double left;
  private final double right;
  private final double top;
  private final double bottom;
  private double xLow;
  private double xHigh = 1;
  private double yLow;
  private double yHigh = 1;
  private boolean xLogarithmic;

  Plot(String description, double width, double height, double left, double foot) {
    this.left = left;
    this.right = width - 14;
    this.top = 8;
    this.bottom = height - foot;
    svg.append(
        "<div class=\"plot\"><svg viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\"%s\">"
            .formatted(number(width), number(height), Html.escape(description)));
  }

  Plot x(double low, double high, boolean logarithmic) {
    xLow = low;
    xHigh = high;
    xLogarithmic = logarithmic;
    return this;
  }

  Plot y(double low, double high) {
    yLow = low;
    yHigh = high > low ? high : low + 1;
    return this;
  }

  double atX(double value) {
    double share =
        xLogarithmic
            ? Math.log(value / xLow) / Math.log(xHigh / xLow)
            : (value - xLow) / (xHigh - xLow);
    return left + Math.clamp(share, 0, 1) * (right - left);
  }

  double atY(double value) {
    return bottom - Math.clamp((value - yLow) / (yHigh - yLow), 0, 1) * (bottom - top);
  }

  /** Round values below the axis; those for which there is no room are lines only. */
  void xTicks(String unit) {
    double taken = Double.NEGATIVE_INFINITY;
    for (double tick : xLogarithmic ? logarithmic() : linear(xLow, xHigh)) {
      double x = atX(tick);
      line("axis", x, top, x, bottom);
      String label = Figures.shown(tick).replaceAll("\\.0+$", "") + unit;
      double half = LETTER * label.length() / 2;
      if (x - half > taken) {
        text("mid", x, bottom + 16, label);
        taken = x + half + LETTER;
      }
    }
  }

  void yTicks(String unit) {
    for (double tick : linear(yLow, yHigh)) {
      line("axis", left, atY(tick), right, atY(tick));
      text("end", left - 6, atY(tick) + 4, Figures.shown(tick).replaceAll("\\.0+$", "") + unit);
    }
  }

  private double[] logarithmic() {
    double span = xHigh / xLow;
    double[] all =
        span < 2
            ? new double[] {0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.5, 2}
            : span < 6
                ? new double[] {0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5}
                : span < 60
                    ? new double[] {0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50}
                    : new double[] {0.01, 0.1, 1, 10};
    return java.util.Arrays.stream(all).filter(tick -> tick >= xLow && tick <= xHigh).toArray();
  }

  private static double[] linear(double low, double high) {
    double step = Math.pow(10, Math.floor(Math.log10((high - low) / 2)));
    while ((high - low) / step > 8) {
      step *= (high - low) / step > 16 ? 5 : 2;
    }
    double size = step;
    return java.util.stream.DoubleStream.iterate(
            Math.ceil(low / size) * size, tick -> tick <= high, tick -> tick + size)
        .toArray();
  }

  void line(String style, double x1, double y1, double x2, double y2) {
    svg.append(
        "<line class=\"%s\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>"
            .formatted(style, number(x1), number(y1), number(x2), number(y2)));
  }

  void text(String style, double x, double y, String text) {
    svg.append(
        "<text class=\"%s\" x=\"%s\" y=\"%s\">%s</text>"
            .formatted(style, number(x), number(y), Html.escape(text)));
  }

  void point(String style, double x, double y) {
    svg.append(
        "<circle class=\"%s\" cx=\"%s\" cy=\"%s\" r=\"4.5\"/>"
            .formatted(style, number(x), number(y)));
  }

  /** A line through points of (x, y), in steps. */
  void steps(String style, double[][] points) {
    if (points.length == 0) {
      return;
    }
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < points.length; i++) {
      if (i == 0) {
        path.append("M%s %s".formatted(number(atX(points[0][0])), number(atY(points[0][1]))));
      } else {
        path.append("H%sV%s".formatted(number(atX(points[i][0])), number(atY(points[i][1]))));
      }
    }
    svg.append("<path class=\"%s\" d=\"%s\"/>".formatted(style, path));
  }

  /** A line through points of (x, y). */
  void path(String style, double[][] points) {
    svg.append("<path class=\"%s\" d=\"%s\"/>".formatted(style, "M" + through(points, false)));
  }

  /** The area between two lines with the same x. */
  void band(String style, double[][] low, double[][] high) {
    svg.append(
        "<path class=\"%s\" d=\"M%s L%sZ\"/>"
            .formatted(style, through(low, false), through(high, true)));
  }

  private String through(double[][] points, boolean backwards) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < points.length; i++) {
      double[] point = points[backwards ? points.length - 1 - i : i];
      path.append(
          "%s%s %s".formatted(i == 0 ? "" : " L", number(atX(point[0])), number(atY(point[1]))));
    }
    return path.toString();
  }

  void dot(String style, double x, double y) {
    svg.append(
        "<circle class=\"%s\" cx=\"%s\" cy=\"%s\" r=\"1.8\"/>"
            .formatted(style, number(x), number(y)));
  }

  /** A filled box, in view-box units; {@code fill} a colour, or empty for that of the style. */
  void box(String style, String fill, double x, double y, double width, double height, String tip) {
    svg.append(
        "<rect%s%s x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\">%s</rect>"
            .formatted(
                style.isEmpty() ? "" : " class=\"" + style + "\"",
                fill.isEmpty() ? "" : " fill=\"" + fill + "\"",
                number(x),
                number(y),
                number(Math.max(0, width)),
                number(height),
                tip.isEmpty() ? "" : "<title>" + Html.escape(tip) + "</title>"));
  }

  String done() {
    return svg + "</svg></div>\n";
  }

  private static String number(double value) {
    String text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
