package dev.ballast.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Dashboard and alerts ask for nothing that is not there, and every alert has its chapter. */
class DocMonitoringTest {
  private static final Pattern SELECTOR =
      Pattern.compile("\\b((?:ballast|http_server)_\\w+)(?:\\{([^}]*)})?");
  private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)");
  private static final Pattern GROUPING = Pattern.compile("\\b(?:by|on|without)\\s*\\(([^)]*)\\)");

  private static Map<String, Set<String>> known() {
    Map<String, Set<String>> known = new HashMap<>();
    for (Metric metric : Metric.values()) {
      Set<String> labels = new HashSet<>(metric.labels());
      if (metric.type() == Metric.Type.HISTOGRAM) {
        known.put(metric.series() + "_sum", labels);
        known.put(metric.series() + "_count", labels);
        Set<String> bucket = new HashSet<>(labels);
        bucket.add("le");
        known.put(metric.series() + "_bucket", bucket);
      } else {
        known.put(metric.series(), labels);
      }
    }
    known.put("http_server_requests_seconds_count", Set.of("method", "outcome", "status", "uri"));
    return known;
  }

  private static void check(String expression) {
    Map<String, Set<String>> known = known();
    Set<String> labels = new HashSet<>();
    Matcher selector = SELECTOR.matcher(expression);
    int found = 0;
    while (selector.find()) {
      found++;
      assertThat(known).as(expression).containsKey(selector.group(1));
      Set<String> own = known.getOrDefault(selector.group(1), Set.of());
      labels.addAll(own);
      if (selector.group(2) != null) {
        Matcher matcher = MATCHER.matcher(selector.group(2));
        while (matcher.find()) {
          assertThat(own).as(expression).contains(matcher.group(1));
        }
      }
    }
    assertThat(found).as("metrics in %s", expression).isPositive();
    Matcher grouping = GROUPING.matcher(expression);
    while (grouping.find()) {
      assertThat(labels)
          .as(expression)
          .containsAll(Arrays.asList(grouping.group(1).split("\\s*,\\s*", -1)));
    }
  }

  @Test
  void everyPanelAsksForWhatThereIs() throws IOException {
    JsonNode dashboard =
        new ObjectMapper().readTree(Path.of("k8s/monitoring/dashboard.json").toFile());
    List<String> expressions = new ArrayList<>();
    Set<String> titles = new HashSet<>();
    for (JsonNode panel : dashboard.path("panels")) {
      if (!panel.path("type").asText().equals("row")) {
        assertThat(panel.path("description").asText())
            .as(panel.path("title").asText())
            .isNotBlank();
        assertThat(titles.add(panel.path("title").asText())).as("title is new").isTrue();
        panel.path("targets").forEach(target -> expressions.add(target.path("expr").asText()));
      }
    }
    assertThat(expressions).hasSizeGreaterThan(30).allSatisfy(DocMonitoringTest::check);
  }

  @Test
  void everyMetricOfOursIsShownOrAlertedOn() throws IOException {
    String shown =
        Files.readString(Path.of("k8s/monitoring/dashboard.json"))
            + Files.readString(Path.of("k8s/monitoring/prometheusrule.yaml"));
    assertThat(Metric.values())
        .filteredOn(metric -> metric != Metric.EVENT_READERS)
        .allSatisfy(metric -> assertThat(shown).contains(metric.series()));
  }

  @Test
  void everyAlertAsksForWhatThereIsAndHasItsChapter() throws IOException {
    JsonNode rules =
        new ObjectMapper(new YAMLFactory())
            .readTree(Path.of("k8s/monitoring/prometheusrule.yaml").toFile());
    String runbook = Files.readString(Path.of("docs/runbook.md"));
    Set<String> alerts = new HashSet<>();
    for (JsonNode rule : rules.path("spec").path("groups").path(0).path("rules")) {
      String alert = rule.path("alert").asText();
      alerts.add(alert);
      check(rule.path("expr").asText());
      assertThat(rule.path("annotations").path("runbook_url").asText())
          .endsWith("docs/runbook.md#" + alert.toLowerCase(Locale.ROOT));
      assertThat(runbook).contains("\n## " + alert + "\n");
      assertThat(rule.path("labels").path("severity").asText()).isIn("critical", "warning", "info");
    }
    assertThat(alerts).hasSizeGreaterThan(8);
  }
}
