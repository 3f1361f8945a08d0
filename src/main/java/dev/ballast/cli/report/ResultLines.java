package dev.ballast.cli.report;

import dev.ballast.model.AttemptResult;
import dev.ballast.model.Outcome;
import java.time.temporal.ChronoUnit;
import java.util.OptionalDouble;

/** One attempt as one line. */
public final class ResultLines {
  private ResultLines() {}

  /** When, which task, where, how fast, how it ended. */
  public static String line(AttemptResult result) {
    String ended =
        result.outcome() == Outcome.SUCCEEDED
            ? result.verdict().level().label()
            : result.outcome().label();
    return "%s %s %s %s %s %s %s"
        .formatted(
            result.startedAt().truncatedTo(ChronoUnit.SECONDS),
            Text.left(Text.clean(result.job() + "/" + result.index()), 24),
            Text.left(Text.clean(result.model().name()), 18),
            Text.left(Cell.backend(result), 7),
            Text.left(Text.clean(Cell.browser(result)), 13),
            Text.right(
                Units.millis(
                    result.summary() == null
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(result.summary().mean())),
                9),
            ended)
        .stripTrailing();
  }
}
