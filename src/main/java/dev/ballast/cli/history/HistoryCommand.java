package dev.ballast.cli.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.ballast.cli.command.CommandException;
import dev.ballast.cli.command.CommonOptions;
import dev.ballast.cli.command.Exit;
import dev.ballast.cli.command.ResultOptions;
import dev.ballast.cli.report.HistoryTable;
import dev.ballast.cli.report.ResultLines;
import dev.ballast.model.AttemptResult;
import dev.ballast.store.BallastJson;
import dev.ballast.store.FileForm;
import dev.ballast.store.View;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** What was learned. */
@Command(
    name = "history",
    description = "What was learned: affinities, profiles or single results.")
public final class HistoryCommand implements Callable<Integer> {
  /** What to show. */
  enum Subject {
    AFFINITIES,
    PROFILES,
    RESULTS
  }

  /** Reads one, or says which there are. */
  static final class SubjectReader implements ITypeConverter<Subject> {
    @Override
    public Subject convert(String text) {
      for (Subject subject : Subject.values()) {
        if (subject.name().toLowerCase(Locale.ROOT).equals(text)) {
          return subject;
        }
      }
      throw new TypeConversionException(
          "\"%s\" is not kept. Known: affinities, profiles, results".formatted(text));
    }
  }

  @Mixin CommonOptions common = new CommonOptions();
  @Mixin ResultOptions results = new ResultOptions();

  @Parameters(
      paramLabel = "affinities|profiles|results",
      arity = "0..1",
      converter = SubjectReader.class,
      description =
          "affinities (the default): each family and model by browser, with 95 %% intervals, beside"
              + " the priors. profiles and results also with --output csv.")
  Subject subject = Subject.AFFINITIES;

  @Override
  public Integer call() {
    if (subject != Subject.RESULTS && (results.job != null || results.since != null)) {
      throw CommandException.usage(
          "--job and --since choose results. Try: bin/ballast history results --job NAME");
    }
    try (HistorySource history = HistorySource.of(common.dataDirectory(), results.server)) {
      switch (subject) {
        case AFFINITIES -> affinities(history);
        case PROFILES -> profiles(history);
        case RESULTS -> results(history);
      }
    }
    System.out.flush();
    return Exit.OK;
  }

  private void affinities(HistorySource history) {
    switch (common.output) {
      case JSON -> json(history.affinities());
      case TABLE -> System.out.print(HistoryTable.render(history.affinities()));
      case CSV ->
          throw CommandException.usage(
              "--output csv: affinities are nested. Known here: table, json; or: bin/ballast"
                  + " history profiles --output csv");
    }
  }

  private void profiles(HistorySource history) {
    switch (common.output) {
      case JSON -> json(history.profiles());
      case TABLE -> System.out.print(HistoryTable.profiles(history.profiles()));
      case CSV -> csv(history, View.PROFILES);
    }
  }

  private void results(HistorySource history) {
    switch (common.output) {
      case JSON -> {
        List<AttemptResult> found = new ArrayList<>();
        history.results(results.filter(), found::add);
        json(found);
      }
      case TABLE ->
          history.results(results.filter(), result -> System.out.println(ResultLines.line(result)));
      case CSV -> csv(history, View.RESULTS);
    }
  }

  private void csv(HistorySource history, View view) {
    try {
      Path folder = Files.createTempDirectory("ballast");
      Path file = folder.resolve(view.label() + ".csv");
      try {
        history.copy(view, FileForm.CSV, results.filter(), file);
        Files.copy(file, System.out);
      } finally {
        Files.deleteIfExists(file);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw CommandException.environment("the CSV could not be written: " + e);
    }
  }

  private static void json(Object value) {
    try {
      System.out.println(
          BallastJson.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
