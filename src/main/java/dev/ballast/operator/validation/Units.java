package dev.ballast.operator.validation;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the strings of the resources that carry a unit. */
public final class Units {
  private static final Pattern DURATION = Pattern.compile("(0|[1-9][0-9]{0,5})(ms|s|m|h)");
  private static final Pattern MEMORY = Pattern.compile("([1-9][0-9]{0,5})(Ki|Mi|Gi|Ti)");
  private static final Pattern PERCENT = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,3})?)%");

  private Units() {}

  /** {@code 500ms}, {@code 30s}, {@code 10m}, {@code 1h}. */
  public static Duration duration(String text) {
    Matcher matcher = match(DURATION, text, "a duration like 500ms, 30s, 10m or 1h");
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofHours(amount);
    };
  }

  /** {@code 512Mi}, {@code 2Gi}. */
  public static long bytes(String text) {
    Matcher matcher = match(MEMORY, text, "an amount of memory like 512Mi or 2Gi");
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "Ki" -> amount << 10;
      case "Mi" -> amount << 20;
      case "Gi" -> amount << 30;
      default -> amount << 40;
    };
  }

  /** {@code 5%} is 0.05. */
  public static double ratio(String text) {
    double ratio =
        Double.parseDouble(match(PERCENT, text, "a percentage like 5% or 2.5%").group(1)) / 100;
    if (ratio > 1) {
      throw new IllegalArgumentException("\"%s\" is more than 100%%".formatted(text));
    }
    return ratio;
  }

  private static Matcher match(Pattern form, String text, String expected) {
    Matcher matcher = form.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("\"%s\" is not %s".formatted(text, expected));
    }
    return matcher;
  }
}
