package dev.ballast.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;

/** One answer of {@code /q/metrics}, read as Prometheus reads it. */
@NullMarked
public final class TestingScrape {
  private static final Pattern LINE = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? (\\S+)");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  private final List<Sample> samples = new ArrayList<>();

  /** One line. */
  public record Sample(String name, Map<String, String> labels, double value) {}

  public TestingScrape(String text) {
    text.lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .forEach(line -> {
          Matcher parts = LINE.matcher(line);
          assertThat(parts.matches()).as(line).isTrue();
          Map<String, String> labels = new TreeMap<>();
          if (parts.group(2) != null) {
            Matcher label = LABEL.matcher(parts.group(2));
            while (label.find()) {
              labels.put(label.group(1), label.group(2));
            }
          }
          samples.add(
              new Sample(
                  parts.group(1),
                  labels,
                  Double.parseDouble(parts.group(3).replace("+Inf", "Infinity"))));
        });
  }

  public List<Sample> samples() {
    return samples;
  }

  public List<Sample> of(String name) {
    return samples.stream().filter(sample -> sample.name().equals(name)).toList();
  }

  /** The sum over the series that carry these labels and values. */
  public double sum(String name, String... labels) {
    return of(name).stream()
        .filter(sample -> carries(sample, labels))
        .mapToDouble(Sample::value)
        .sum();
  }

  private static boolean carries(Sample sample, String... labels) {
    for (int i = 0; i < labels.length; i += 2) {
      if (!labels[i + 1].equals(sample.labels().get(labels[i]))) {
        return false;
      }
    }
    return true;
  }
}
