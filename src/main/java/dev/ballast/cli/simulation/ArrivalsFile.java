package dev.ballast.cli.simulation;

import dev.ballast.operator.validation.Suggestions;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Arrivals from CSV, {@code atSeconds,model[,count]} with a header; columns in any order. */
final class ArrivalsFile {
  private static final int MOST_PROBLEMS = 10;

  private final String shown;
  private final List<String> models;
  private final List<String> problems;
  private final ArrivalList arrivals;
  private int mistakes;

  private ArrivalsFile(
      String shown, List<String> models, ArrivalList arrivals, List<String> problems) {
    this.shown = shown;
    this.models = models;
    this.arrivals = arrivals;
    this.problems = problems;
  }

  static void read(Path file, List<String> models, ArrivalList arrivals, List<String> problems) {
    ArrivalsFile reader = new ArrivalsFile(file.toString(), models, arrivals, problems);
    try {
      reader.read(Files.readAllLines(file, StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      problems.add(file + ": there is no such file. It is looked for beside the workload file.");
    } catch (MalformedInputException e) {
      problems.add(file + ": is no text in UTF-8.");
    } catch (IOException e) {
      problems.add("%s: can't be read (%s).".formatted(file, e.getMessage()));
    }
  }

  private void read(List<String> lines) {
    List<String> header =
        lines.isEmpty()
            ? List.of()
            : Arrays.stream(lines.getFirst().replace("\uFEFF", "").split(",", -1))
                .map(String::strip)
                .toList();
    int at = header.indexOf("atSeconds");
    int model = header.indexOf("model");
    int count = header.indexOf("count");
    if (at < 0 || model < 0) {
      problems.add(
          "%s:1: the column %s is missing. The first line must be: atSeconds,model[,count]"
              .formatted(shown, at < 0 ? "atSeconds" : "model"));
      return;
    }
    if (header.stream().distinct().count() < header.size()) {
      problems.add("%s:1: a column is there twice: %s".formatted(shown, lines.getFirst()));
      return;
    }
    for (int i = 1; i < lines.size(); i++) {
      if (lines.get(i).isBlank()) {
        continue;
      }
      String[] cells = lines.get(i).split(",", -1);
      if (cells.length != header.size()) {
        problem(i, "has %d cells, the header has %d.".formatted(cells.length, header.size()));
        continue;
      }
      row(i, cells[at].strip(), cells[model].strip(), count < 0 ? "1" : cells[count].strip());
    }
  }

  private void row(int line, String at, String model, String count) {
    double seconds = number(at);
    double tasks = number(count);
    int index = models.indexOf(model);
    if (!(seconds >= 0 && seconds <= WorkloadReader.MOST_SECONDS)) {
      problem(line, "atSeconds: \"%s\" must be a number of seconds, from 0.".formatted(at));
    } else if (index < 0) {
      problem(
          line,
          "model: \"%s\" is no model. %s".formatted(model, Suggestions.advice(model, models)));
    } else if (!(tasks >= 1 && tasks <= WorkloadReader.MOST_TASKS && tasks == Math.rint(tasks))) {
      problem(line, "count: \"%s\" must be a whole number from 1.".formatted(count));
    } else {
      arrivals.add(seconds, index, (int) tasks);
    }
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private void problem(int line, String message) {
    if (mistakes++ < MOST_PROBLEMS) {
      problems.add("%s:%d: %s".formatted(shown, line + 1, message));
    }
  }

  /** Arrivals as they are read. */
  static final class ArrivalList {
    private final List<double[]> all = new ArrayList<>();
    private long tasks;

    void add(double seconds, int model, int count) {
      tasks += count;
      if (tasks <= WorkloadReader.MOST_TASKS) {
        for (int i = 0; i < count; i++) {
          all.add(new double[] {seconds, model});
        }
      }
    }

    long tasks() {
      return tasks;
    }

    double[] seconds() {
      return all.stream().mapToDouble(arrival -> arrival[0]).toArray();
    }

    int[] models() {
      return all.stream().mapToInt(arrival -> (int) arrival[1]).toArray();
    }
  }
}
