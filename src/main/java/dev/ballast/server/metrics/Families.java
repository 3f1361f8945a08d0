package dev.ballast.server.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Gathers samples by metric; a metric without a sample stays absent. */
final class Families {
  private final Map<Metric, List<Sample>> samples = new EnumMap<>(Metric.class);

  /** A count. */
  void count(Metric metric, long value, String... values) {
    add(metric, (double) value, values);
  }

  /** {@code values}: of the metric's labels, in their order. */
  void add(Metric metric, double value, String... values) {
    if (values.length != metric.labels().size()) {
      throw new IllegalArgumentException(
          "%s has the labels %s, not %s"
              .formatted(metric.series(), metric.labels(), List.of(values)));
    }
    samples
        .computeIfAbsent(metric, _ -> new ArrayList<>())
        .add(new Sample(metric.series(), metric.labels(), List.of(values), value));
  }

  List<MetricFamilySamples> all() {
    List<MetricFamilySamples> families = new ArrayList<>();
    samples.forEach((metric, found) ->
        families.add(new MetricFamilySamples(metric.series(), type(metric), metric.help(), found)));
    return families;
  }

  private static Collector.Type type(Metric metric) {
    return switch (metric.type()) {
      case COUNTER -> Collector.Type.COUNTER;
      case GAUGE -> Collector.Type.GAUGE;
      case HISTOGRAM -> Collector.Type.HISTOGRAM;
    };
  }
}
