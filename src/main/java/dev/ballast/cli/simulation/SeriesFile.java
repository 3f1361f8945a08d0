package dev.ballast.cli.simulation;

import dev.ballast.simulate.forecast.Evaluation;
import dev.ballast.simulate.forecast.Series;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Series of counts from CSV with a header, columns in any order. With {@code atSeconds} a line is
 * an arrival (or {@code count} of them), and ticks are counted up; else a line is a tick and {@code
 * count} what it brought. {@code series} (or {@code model}) splits the file.
 */
public final class SeriesFile {
  private static final int MOST_PROBLEMS = 10;
  private static final int MOST_TICKS = 2_000_000;

  private final Path file;
  private final double tickSeconds;
  private final List<String> problems = new ArrayList<>();
  private final Map<String, List<Double>> series = new LinkedHashMap<>();
  private List<String> header = List.of();

  private SeriesFile(Path file, double tickSeconds) {
    this.file = file;
    this.tickSeconds = tickSeconds;
  }

  /**
   * What the file holds, or what is wrong with it.
   *
   * @param series empty if there are problems
   */
  public record Reading(List<Series> series, List<String> problems) {
    public Reading {
      series = List.copyOf(series);
      problems = List.copyOf(problems);
    }
  }

  /** {@code tickSeconds}: length of a tick where lines are arrivals. */
  public static Reading read(Path file, double tickSeconds) {
    SeriesFile reader = new SeriesFile(file, tickSeconds);
    try {
      reader.read(Files.readAllLines(file, StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      reader.problems.add(file + ": there is no such file.");
    } catch (IOException e) {
      reader.problems.add("%s: can't be read (%s).".formatted(file, e.getMessage()));
    }
    return reader.done();
  }

  private void read(List<String> lines) {
    header =
        lines.isEmpty()
            ? List.of()
            : Arrays.stream(lines.getFirst().replace("\uFEFF", "").split(",", -1))
                .map(String::strip)
                .toList();
    if (!header.contains("atSeconds") && !header.contains("count")) {
      problems.add(
          "%s:1: neither a column atSeconds nor count. The first line must be: count[,series]"
                  .formatted(file)
              + " (a line is a tick), or atSeconds[,count][,series] (a line is an arrival)");
      return;
    }
    for (int i = 1; i < lines.size() && problems.size() < MOST_PROBLEMS; i++) {
      if (!lines.get(i).isBlank()) {
        row(i + 1, lines.get(i).split(",", -1));
      }
    }
  }

  private void row(int line, String[] cells) {
    if (cells.length != header.size()) {
      problem(line, "has %d cells, the header has %d.".formatted(cells.length, header.size()));
      return;
    }
    String of = cell(cells, "series", cell(cells, "model", "all"));
    List<Double> ticks = series.computeIfAbsent(of, _ -> new ArrayList<>());
    String text = cell(cells, "count", "1");
    double count = number(text);
    if (!(count >= 0 && count < 1e12)) {
      problem(line, "count: \"%s\" must be a number from 0.".formatted(text));
    } else if (!header.contains("atSeconds")) {
      ticks.add(count);
    } else {
      double tick = Math.floor(number(cell(cells, "atSeconds", "")) / tickSeconds);
      if (!(tick >= 0 && tick < MOST_TICKS)) {
        problem(
            line,
            "atSeconds: \"%s\" must be a number of seconds, from 0 to %,d ticks of %s s."
                .formatted(cell(cells, "atSeconds", ""), MOST_TICKS, tickSeconds));
        return;
      }
      while (ticks.size() <= tick) {
        ticks.add(0.0);
      }
      ticks.set((int) tick, ticks.get((int) tick) + count);
    }
  }

  private String cell(String[] cells, String column, String otherwise) {
    int at = header.indexOf(column);
    return at < 0 ? otherwise : cells[at].strip();
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private void problem(int line, String message) {
    problems.add("%s:%d: %s".formatted(file, line, message));
  }

  private Reading done() {
    List<Series> all = new ArrayList<>();
    series.forEach((name, ticks) -> {
      if (ticks.size() < Evaluation.SHORTEST) {
        problems.add(
            "%s: the series \"%s\" has %d ticks; at least %d are needed, half of them to learn from."
                .formatted(file, name, ticks.size(), Evaluation.SHORTEST));
      }
      all.add(new Series(name, ticks.stream().mapToDouble(count -> count).toArray(), 0));
    });
    if (all.isEmpty() && problems.isEmpty()) {
      problems.add(file + ": there is no line below the header.");
    }
    return new Reading(problems.isEmpty() ? all : List.of(), problems);
  }
}
