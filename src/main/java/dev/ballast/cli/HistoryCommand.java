package dev.ballast.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ballast.store.Prior;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What was learned. */
@Command(
    name = "history",
    description =
        "What was learned: affinities with their intervals, beside the configured priors.")
final class HistoryCommand implements Callable<Integer> {
  @Mixin CommonOptions common = new CommonOptions();

  @Override
  public Integer call() {
    JsonNode affinities =
        new HistoryAccess(common.dataDirectory())
            .ask("/api/v1/affinities", history -> history.affinities(Prior.DEFAULTS));
    switch (common.output) {
      case JSON -> System.out.println(affinities.toPrettyString());
      case TABLE -> System.out.print(table(affinities));
    }
    return Exit.OK;
  }

  private static String table(JsonNode affinities) {
    StringBuilder text = new StringBuilder();
    line(
        text,
        "family",
        "model",
        "browser",
        "backend",
        "n",
        "mean ms",
        "95 % interval",
        "speed ÷ others");
    for (JsonNode affinity : affinities) {
      String software = affinity.path("software").asBoolean() ? " (software GPU)" : "";
      for (JsonNode cell : affinity.path("cells")) {
        JsonNode mean = cell.path("meanMillis");
        line(
            text,
            affinity.path("family").asText(),
            affinity.path("model").isTextual() ? affinity.path("model").asText() : "(family)",
            cell.path("kind").asText(),
            cell.path("backend").asText() + software,
            cell.path("n").asText(),
            number(mean.path("mean")),
            interval(mean),
            cell.path("relativeSpeed").isObject()
                ? number(cell.path("relativeSpeed").path("mean"))
                    + " ("
                    + interval(cell.path("relativeSpeed"))
                    + ")"
                : "");
      }
      JsonNode best = affinity.path("best");
      if (best.isObject()) {
        text.append(
            "  best: %s on %s since %s%n"
                .formatted(
                    best.path("kind").asText(),
                    best.path("backend").asText(),
                    best.path("since").asText()));
      }
      for (JsonNode prior : affinity.path("priors")) {
        text.append(
            "  prior: %s %s×, measured %s: %s%n"
                .formatted(
                    prior.path("kind").asText(),
                    prior.path("advantage").asText(),
                    prior.path("measured").isObject()
                        ? number(prior.path("measured").path("mean"))
                            + "× ("
                            + interval(prior.path("measured"))
                            + ")"
                        : "nothing",
                    prior.path("agreement").asText().toLowerCase(Locale.ROOT)));
      }
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String... columns) {
    text.append(
            "%-15s %-18s %-10s %-24s %5s %9s  %-19s %s%n"
                .formatted((Object[]) columns)
                .stripTrailing())
        .append('\n');
  }

  private static String interval(JsonNode estimate) {
    return estimate.path("low95").isNumber()
        ? number(estimate.path("low95")) + "–" + number(estimate.path("high95"))
        : "";
  }

  private static String number(JsonNode value) {
    return value.isNumber() ? String.format(Locale.ROOT, "%.3g", value.asDouble()) : "";
  }
}
