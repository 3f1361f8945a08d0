package dev.ballast.cli.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.ballast.cli.command.CommandException;
import dev.ballast.cli.command.CommonOptions;
import dev.ballast.cli.command.Exit;
import dev.ballast.model.AttemptResult;
import dev.ballast.operator.validation.Suggestions;
import dev.ballast.store.BallastJson;
import dev.ballast.store.ResultsJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What became slower. */
@Command(
    name = "compare",
    description =
        "Two JSON reports beside each other; exit 1 when something became slower or fails now.")
public final class CompareCommand implements Callable<Integer> {
  @Mixin CommonOptions common = new CommonOptions();

  @Parameters(
      index = "0",
      paramLabel = "BASE.json",
      description = "The report to compare with (run … --report json=BASE.json).")
  Path base = Path.of("");

  @Parameters(index = "1", paramLabel = "NEW.json", description = "The report to judge.")
  Path changed = Path.of("");

  @Option(
      names = "--tolerance",
      paramLabel = "N%%",
      description = "What is slower by less is no regression (default: ${DEFAULT-VALUE}).")
  String tolerance = "0%";

  @Option(
      names = "--allow",
      split = ",",
      paramLabel = "WHAT",
      description =
          "Compare although this differs: os, adapter, browser, arguments, engine"
              + " (comma-separated).")
  List<String> allowed = new ArrayList<>();

  @Override
  public Integer call() {
    common.output();
    for (String name : allowed) {
      if (!Comparison.mustBeAlike().contains(name)) {
        throw CommandException.usage(
            "--allow %s: there is no such part of an environment. %s"
                .formatted(name, Suggestions.advice(name, Comparison.mustBeAlike())));
      }
    }
    Comparison comparison =
        Comparison.of(read(base), read(changed), ratio(), new LinkedHashSet<>(allowed));
    if (!comparison.unlike().isEmpty()) {
      List<String> lines = new ArrayList<>();
      lines.add(
          "%s and %s were measured in unlike environments, so nothing is compared:"
              .formatted(base, changed));
      comparison.unlike().forEach(difference -> lines.add("  " + difference));
      lines.add("Measure again in one environment, or accept it with: --allow WHAT");
      throw CommandException.usage(lines);
    }
    switch (common.output()) {
      case JSON -> System.out.println(json(comparison));
      case TABLE, CSV -> System.out.print(ComparisonTable.render(comparison));
    }
    return comparison.regressed() ? Exit.FAILED : Exit.OK;
  }

  private double ratio() {
    if (!tolerance.matches("\\d{1,3}(\\.\\d+)?%")) {
      throw CommandException.usage(
          "--tolerance %s: is not a percentage. Maybe 5%%?".formatted(tolerance));
    }
    return Double.parseDouble(tolerance.substring(0, tolerance.length() - 1)) / 100;
  }

  private static List<AttemptResult> read(Path file) {
    try {
      List<AttemptResult> results = ResultsJson.readAll(file);
      if (results.isEmpty()) {
        throw CommandException.usage("%s: holds no results".formatted(file));
      }
      return results;
    } catch (NoSuchFileException e) {
      throw CommandException.usage("%s: there is no such file".formatted(file));
    } catch (JsonProcessingException e) {
      throw CommandException.usage(
          "%s%s: is not a JSON report (%s). Write one with: bin/ballast run FILE --report json=%s"
              .formatted(
                  file,
                  e.getLocation() == null ? "" : ":" + e.getLocation().getLineNr(),
                  e.getOriginalMessage().lines().findFirst().orElse(""),
                  file));
    } catch (IOException e) {
      throw CommandException.usage(
          Files.isDirectory(file)
              ? "%s: is a directory, not a JSON report".formatted(file)
              : "%s: cannot be read (%s)".formatted(file, e));
    }
  }

  private static String json(Comparison comparison) {
    try {
      return BallastJson.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(comparison);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
