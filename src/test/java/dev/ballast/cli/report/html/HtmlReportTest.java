package dev.ballast.cli.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.cli.report.Html;
import dev.ballast.cli.report.ReportData;
import dev.ballast.cli.report.TestingResults;
import dev.ballast.model.AttemptReport.Evidence;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Outcome;
import dev.ballast.model.Verdict.Reason;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class HtmlReportTest {
  @TempDir Path directory;

  @Test
  void thePageNeedsNoNetworkAndNoScript() throws IOException {
    Path file = directory.resolve("reports").resolve("report.html");
    HtmlReport.write(TestingResults.quickstart(), file);

    String page = Files.readString(file);
    assertThat(page).doesNotContain("http://").doesNotContain("https://").doesNotContain("<script");
    assertThat(page).contains("default-src 'none'").doesNotContain(" style=");
    assertThat(directory.resolve("reports")).isDirectoryContaining(f -> f.equals(file));
  }

  @Test
  void thePageTellsWhatRanWhatDidNotAndWhy() {
    String page = HtmlReport.render(TestingResults.quickstart());

    assertThat(page)
        .contains("backend-unavailable")
        .contains("device-lost")
        .contains("GPUDeviceLostInfo")
        .contains("data:image/png;base64,iVBOR")
        .contains(Reason.SOFTWARE_ADAPTER.explanation())
        .contains("onnxruntime-web 1.30.0")
        .contains("--enable-unsafe-webgpu")
        .contains("agrees with the prior");
  }

  @Test
  void aHostileNameStaysText() {
    String hostile = "\"><img src=x onerror=alert(1)>'&\u202E<script>";
    AttemptResult result =
        TestingResults.result()
            .job(hostile)
            .model(hostile, ModelFamily.OTHER)
            .failed(Outcome.FAILED, hostile, hostile)
            .build();
    ReportData data =
        with(
            ReportData.of(hostile, hostile, TestingResults.START, List.of(result)),
            result,
            hostile);

    String page = HtmlReport.render(data);

    assertThat(page).doesNotContain("<img").doesNotContain("<script").doesNotContain("\u202E");
  }

  @Test
  void aScreenshotThatIsNoBase64IsLeftOut() {
    AttemptResult result = TestingResults.result().failed(Outcome.FAILED, null, null).build();
    ReportData data =
        with(
            ReportData.of("t", "v", TestingResults.START, List.of(result)),
            result,
            "x\" onload=\"alert(1)");

    assertThat(HtmlReport.render(data)).doesNotContain("<img");
  }

  @Test
  void anEmptyRunIsAPageToo() {
    assertThat(HtmlReport.render(ReportData.of("nothing", "v", TestingResults.START, List.of())))
        .contains("Nothing was run.");
  }

  @Property(tries = 200)
  void noTextEverEndsAnElement(@ForAll String text) throws Exception {
    // Escaped text is well-formed XML, and reads back as the text without its control characters.
    String escaped = Html.escape(text);
    var parsed =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(
                new InputSource(new StringReader("<a b=\"" + escaped + "\">" + escaped + "</a>")));
    assertThat(parsed.getDocumentElement().getChildNodes().getLength()).isLessThanOrEqualTo(1);
  }

  private static ReportData with(ReportData data, AttemptResult result, String evidence) {
    return new ReportData(
        data.title(),
        data.version(),
        data.generatedAt(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        data.attempts(),
        List.of(),
        Map.of(result.attemptId(), new Evidence(evidence, evidence)),
        Map.of(result.attemptId(), evidence),
        data.affinities(),
        Map.of(),
        List.of());
  }
}
