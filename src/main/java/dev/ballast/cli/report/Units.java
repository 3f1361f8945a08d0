package dev.ballast.cli.report;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Figures for people: three digits, a unit, and a dash for what is not known. */
public final class Units {
  public static final String ABSENT = "–";

  private Units() {}

  public static String millis(OptionalDouble millis) {
    return millis.isPresent() ? millis(millis.getAsDouble()) : ABSENT;
  }

  public static String millis(double millis) {
    if (!Double.isFinite(millis)) {
      return ABSENT;
    }
    double size = Math.abs(millis);
    if (size >= 99_950) {
      return String.format(Locale.ROOT, "%.0f s", millis / 1000);
    }
    return size >= 999.5 ? digits(millis / 1000) + " s" : digits(millis) + " ms";
  }

  /** Both ends in one unit: {@code 0.305–0.315 ms}. */
  public static String millisRange(double low, double high) {
    if (!Double.isFinite(low) || !Double.isFinite(high)) {
      return ABSENT;
    }
    boolean seconds = Math.abs(high) >= 999.5;
    double unit = seconds ? 1000 : 1;
    return digits(Math.max(low, 0) / unit) + "–" + digits(high / unit) + (seconds ? " s" : " ms");
  }

  public static String bytes(OptionalLong bytes) {
    return bytes.isPresent() ? bytes(bytes.getAsLong()) : ABSENT;
  }

  public static String bytes(long bytes) {
    double mebi = bytes / 1048576.0;
    return mebi >= 1023.5 ? digits(mebi / 1024) + " GiB" : digits(mebi) + " MiB";
  }

  public static String duration(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 60) {
      return seconds < 10
          ? String.format(Locale.ROOT, "%.1f s", Math.max(0, duration.toMillis()) / 1000.0)
          : seconds + " s";
    }
    return seconds < 3600
        ? "%d min %02d s".formatted(seconds / 60, seconds % 60)
        : "%d h %02d min".formatted(seconds / 3600, seconds / 60 % 60);
  }

  public static String ratio(double ratio) {
    return digits(ratio) + "×";
  }

  /** Three significant digits, no exponent. */
  public static String digits(double value) {
    double size = Math.abs(value);
    int decimals =
        size >= 99.95 || size == 0
            ? 0
            : size >= 9.995 ? 1 : size >= 0.9995 ? 2 : size >= 0.01 ? 3 : 4;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
