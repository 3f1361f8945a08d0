package dev.ballast.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ballast.model.AttemptResult;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Outcome;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class FileReportsTest {
  @TempDir Path directory;

  @Test
  void jsonIsAnArrayOfEveryAttempt() throws IOException {
    Path file = directory.resolve("deep").resolve("results.json");
    List<AttemptResult> attempts = TestingResults.quickstart().attempts();

    JsonReport.write(attempts, result -> "{\"index\": " + result.index() + "}", file);

    JsonNode array = new ObjectMapper().readTree(file.toFile());
    assertThat(array).hasSize(attempts.size());
    assertThat(array.get(3).get("index").asInt()).isEqualTo(3);
    assertThat(new ObjectMapper().readTree(JsonReport.render(List.of(), r -> ""))).isEmpty();
  }

  @Test
  void aReportThatCannotBeWrittenLeavesTheOldOneAndNothingElse() throws IOException {
    Path file = Files.writeString(directory.resolve("report.json"), "old");

    assertThatThrownBy(() ->
            JsonReport.write(
                TestingResults.quickstart().attempts(),
                result -> {
                  throw new IllegalStateException("no");
                },
                file))
        .hasMessage("no");
    assertThat(file).hasContent("old");
    assertThat(directory).isDirectoryContaining(path -> path.equals(file));
    assertThat(directory.toFile().list()).hasSize(1);
  }

  @Test
  void junitCountsRejectedAsFailuresCrashesAsErrorsAndUnplaceableAsSkipped() throws Exception {
    Element suites = parse(JUnitReport.render(TestingResults.quickstart()));

    assertThat(suites.getAttribute("failures")).isEqualTo("1");
    assertThat(suites.getAttribute("errors")).isEqualTo("1");
    assertThat(suites.getAttribute("skipped")).isEqualTo("4");
    assertThat(suites.getElementsByTagName("testcase").getLength())
        .isEqualTo(Integer.parseInt(suites.getAttribute("tests")));
    assertThat(((Element) suites.getElementsByTagName("error").item(0)).getAttribute("type"))
        .isEqualTo("device-lost");
  }

  @Property(tries = 200)
  void junitIsWellFormedWhateverTheMessage(@ForAll String text) throws Exception {
    AttemptResult result =
        TestingResults.result()
            .model(text, ModelFamily.OTHER)
            .failed(Outcome.FAILED, text, text)
            .build();

    parse(JUnitReport.render(ReportData.of(text, text, TestingResults.START, List.of(result))));
  }

  private static Element parse(String xml) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)))
        .getDocumentElement();
  }
}
