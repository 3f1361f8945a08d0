package dev.ballast.cli.report;

import dev.ballast.cli.report.ReportData.Unplaceable;
import dev.ballast.model.AttemptReport.Evidence;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.Outcome;
import dev.ballast.model.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Results as JUnit XML, for CI servers: a suite for each job, a case for each task. A rejected
 * measurement is a failure; an end that the browser caused (crash, hang, lost worker) an error; an
 * unplaceable task is skipped, with its code.
 */
public final class JUnitReport {
  private JUnitReport() {}

  private static final class Suite {
    final List<String> cases = new ArrayList<>();
    int failures;
    int errors;
    int skipped;
    double seconds;
    Optional<Instant> startedAt = Optional.empty();
  }

  /** The document. */
  public static String render(ReportData data) {
    Map<String, Suite> suites = new LinkedHashMap<>();
    for (AttemptResult result : data.results()) {
      add(suites.computeIfAbsent(result.job(), job -> new Suite()), result, data);
    }
    for (Unplaceable task : data.unplaceable()) {
      Suite suite = suites.computeIfAbsent(task.job(), job -> new Suite());
      suite.skipped++;
      suite.cases.add(
          """
              <testcase classname="%s" name="%s" time="0"><skipped message="%s"/></testcase>
          """
              .formatted(
                  escape(task.job() + "." + task.model()),
                  escape(
                      "[%d] %s %s %s"
                          .formatted(
                              task.index(),
                              task.model(),
                              task.backend().map(Object::toString).orElse("any backend"),
                              task.browser().map(Object::toString).orElse("any browser"))),
                  escape(task.code() + ": " + task.message())));
    }
    String body =
        suites.entrySet().stream()
            .map(entry -> suite(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining());
    return """
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="%s" tests="%d" failures="%d" errors="%d" skipped="%d" time="%s">
    %s</testsuites>
    """
        .formatted(
            escape(data.title()),
            suites.values().stream().mapToInt(s -> s.cases.size()).sum(),
            suites.values().stream().mapToInt(s -> s.failures).sum(),
            suites.values().stream().mapToInt(s -> s.errors).sum(),
            suites.values().stream().mapToInt(s -> s.skipped).sum(),
            seconds(suites.values().stream().mapToDouble(s -> s.seconds).sum()),
            body);
  }

  /** Writes it, whole or not at all. */
  public static void write(ReportData data, Path file) throws IOException {
    AtomicFile.write(file, render(data));
  }

  private static String suite(String job, Suite suite) {
    return """
      <testsuite name="%s"%s tests="%d" failures="%d" errors="%d" skipped="%d" time="%s">
    %s  </testsuite>
    """
        .formatted(
            escape(job),
            suite
                .startedAt
                .map(at -> " timestamp=\"%s\"".formatted(at.truncatedTo(ChronoUnit.SECONDS)))
                .orElse(""),
            suite.cases.size(),
            suite.failures,
            suite.errors,
            suite.skipped,
            seconds(suite.seconds),
            String.join("", suite.cases));
  }

  private static void add(Suite suite, AttemptResult result, ReportData data) {
    double seconds = result.wall() == null ? 0 : result.wall() / 1000;
    suite.seconds += seconds;
    suite.startedAt =
        suite
            .startedAt
            .filter(at -> at.isBefore(result.startedAt()))
            .or(() -> Optional.of(result.startedAt()));
    StringBuilder body = new StringBuilder();
    boolean rejected =
        result.outcome() == Outcome.SUCCEEDED && result.verdict().level() == Verdict.Level.REJECTED;
    if (result.outcome() == Outcome.FAILED || rejected) {
      suite.failures++;
      body.append(problem("failure", result));
    } else if (result.outcome() == Outcome.CANCELLED) {
      suite.skipped++;
      body.append("<skipped message=\"cancelled\"/>");
    } else if (result.outcome() != Outcome.SUCCEEDED) {
      suite.errors++;
      body.append(problem("error", result));
    }
    Evidence evidence = data.evidence().get(result.attemptId());
    String out = summary(result);
    if (evidence != null && evidence.screenshot() != null) {
      // GitLab's form of an attachment: it shows the picture beside the failure.
      out +=
          "\n[[ATTACHMENT|%s/screenshot.png]]"
              .formatted(data.evidencePaths().get(result.attemptId()));
    }
    body.append("<system-out>").append(escape(out)).append("</system-out>");
    if (evidence != null && evidence.console() != null) {
      body.append("<system-err>").append(escape(evidence.console())).append("</system-err>");
    }
    suite.cases.add(
        """
            <testcase classname="%s" name="%s" time="%s">%s</testcase>
        """
            .formatted(
                escape(result.job() + "." + result.model().name()),
                escape(
                    "[%d] %s %s %s"
                        .formatted(
                            result.index(),
                            result.model().name(),
                            Cell.backend(result),
                            Cell.browser(result))),
                seconds(seconds),
                body));
  }

  private static String problem(String element, AttemptResult result) {
    String type = result.code() == null ? result.outcome().label() : result.code();
    String message =
        result.message() != null
            ? result.message()
            : result.outcome() == Outcome.SUCCEEDED
                ? "the measurement was rejected: " + reasons(result)
                : "ended as " + result.outcome();
    // GitHub's actions show the message, GitLab the text.
    return "<%1$s type=\"%2$s\" message=\"%3$s\">%3$s%n%4$s</%1$s>"
        .formatted(element, escape(type), escape(message), escape(summary(result)));
  }

  private static String summary(AttemptResult result) {
    String figures =
        result.summary() == null
            ? "no samples"
            : "n=%d p50=%s 95%%-interval=%s"
                .formatted(
                    result.summary().n(),
                    Units.millis(result.summary().p50()),
                    Units.millisRange(result.summary().low95(), result.summary().high95()));
    return "%s; verdict %s%s"
        .formatted(
            figures,
            result.verdict().level().label(),
            result.verdict().reasons().isEmpty() ? "" : " (" + reasons(result) + ")");
  }

  private static String reasons(AttemptResult result) {
    return result.verdict().reasons().stream()
        .map(Verdict.Reason::label)
        .collect(Collectors.joining(", "));
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.3f", seconds);
  }

  /** As XML 1.0 wants it, which has no place at all for most control characters. */
  private static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '<' -> escaped.append("&lt;");
            case '>' -> escaped.append("&gt;");
            case '&' -> escaped.append("&amp;");
            case '"' -> escaped.append("&quot;");
            case '\n', '\t' -> escaped.append("&#").append(c).append(';');
            default -> {
              boolean allowed =
                  (c >= 0x20 && c <= 0xD7FF)
                      || (c >= 0xE000 && c <= 0xFFFD)
                      || (c >= 0x10000 && c <= 0x10FFFF);
              escaped.appendCodePoint(allowed ? c : 0xFFFD);
            }
          }
        });
    return escaped.toString();
  }
}
