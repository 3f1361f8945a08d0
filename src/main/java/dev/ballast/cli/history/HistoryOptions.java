package dev.ballast.cli.history;

import dev.ballast.cli.command.CommandException;
import dev.ballast.store.Retention;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** How much of the history a service keeps. */
public final class HistoryOptions {
  private static final Pattern AMOUNT = Pattern.compile("([1-9][0-9]{0,8}) ?([A-Za-z]+)");
  private static final Map<String, Duration> AGES =
      Map.of("m", Duration.ofMinutes(1), "h", Duration.ofHours(1), "d", Duration.ofDays(1));
  private static final Map<String, Long> SIZES =
      Map.of("mib", 1L << 20, "gib", 1L << 30, "mi", 1L << 20, "gi", 1L << 30);

  @Option(
      names = "--history-age",
      paramLabel = "AGE",
      description =
          "Drop results and evidence that are older, for example 12h or 90d (default: ${DEFAULT-VALUE}).")
  String age = "400d";

  @Option(
      names = "--history-size",
      paramLabel = "SIZE",
      description =
          "Drop the oldest ones while the database, or the evidence, weighs more, for example"
              + " 500MiB (default: ${DEFAULT-VALUE}).")
  String size = "8GiB";

  /** What was asked for; throws {@link CommandException}. */
  public Retention retention() {
    Duration longest = amount("--history-age", age, AGES, "a number and m, h or d: 90d");
    long most = amount("--history-size", size, SIZES, "a number and MiB or GiB: 8GiB");
    try {
      return new Retention(longest.multipliedBy(count(age)), Math.multiplyExact(most, count(size)));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw CommandException.usage(
          "--history-size %s: at least %d MiB, so that there is room for the present state"
              .formatted(size, Retention.LEAST_BYTES >> 20));
    }
  }

  private static <T> T amount(String option, String text, Map<String, T> units, String form) {
    Matcher matcher = AMOUNT.matcher(text.strip());
    T unit = matcher.matches() ? units.get(matcher.group(2).toLowerCase(Locale.ROOT)) : null;
    if (unit == null) {
      throw CommandException.usage("%s %s is not %s".formatted(option, text, form));
    }
    return unit;
  }

  private static long count(String text) {
    return Long.parseLong(text.replaceAll("[^0-9]", ""));
  }
}
