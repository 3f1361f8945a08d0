package dev.ballast.cli.report.html;

import static dev.ballast.cli.report.Html.escape;

import dev.ballast.cli.report.Cell;
import dev.ballast.model.AttemptReport.Evidence;
import dev.ballast.model.AttemptResult;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What did not succeed, with the evidence it left. */
final class FailureSection extends HtmlSection {
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/]+={0,2}");

  FailureSection(ReportView view, StringBuilder out) {
    super(view, out);
  }

  @Override
  void write() {
    List<AttemptResult> failed = view.data().failed();
    if (failed.isEmpty()) {
      return;
    }
    section("failed", "Failed", "");
    for (AttemptResult result : failed) {
      out.append(
          "<article class=\"failure\"><h3>%s <span class=\"family\">%s · %s · task %s/%d, attempt %d</span></h3>"
              .formatted(
                  escape(result.model().name()),
                  escape(Cell.backend(result)),
                  escape(Cell.browser(result)),
                  escape(result.job()),
                  result.index(),
                  result.attempt()));
      out.append(
          "<p><span class=\"tag failed\">%s</span>%s %s</p>"
              .formatted(
                  escape(result.outcome().label()),
                  result.code() == null || result.code().equals(result.outcome().label())
                      ? ""
                      : " <code>%s</code>".formatted(escape(result.code())),
                  result.message() == null ? "" : escape(result.message())));
      evidence(view.data().evidence().get(result.attemptId()));
      String path = view.data().evidencePaths().get(result.attemptId());
      if (path != null) {
        out.append("<p class=\"note\">Kept in <code>%s</code></p>".formatted(escape(path)));
      }
      out.append("</article>\n");
    }
    out.append("</section>\n");
  }

  private void evidence(@Nullable Evidence evidence) {
    if (evidence == null) {
      return;
    }
    String console = evidence.console();
    if (console != null && !console.isBlank()) {
      out.append(
          "<details open><summary>Console of the page</summary><pre>%s</pre></details>"
              .formatted(escape(console)));
    }
    String screenshot = evidence.screenshot();
    if (screenshot != null && BASE64.matcher(screenshot).matches()) {
      out.append(
          "<details open><summary>What the page showed</summary><img alt=\"Screenshot of the page when it failed\" src=\"data:image/png;base64,%s\"></details>"
              .formatted(screenshot));
    }
  }
}
