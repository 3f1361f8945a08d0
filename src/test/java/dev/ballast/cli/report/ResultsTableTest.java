package dev.ballast.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.model.AttemptResult;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Outcome;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ResultsTableTest {
  @Test
  void theTableTellsEveryCellTheBestBrowserAndWhatDidNotRun() {
    String table = ResultsTable.render(TestingResults.quickstart(), Style.PLAIN);

    assertThat(table)
        .contains("silero-vad  audio")
        .containsPattern("wasm +firefox 153 +600 .* trusted")
        .contains("software-adapter, wrong-output 1/3, too-few-samples 2/3, rejected 1/3")
        .containsPattern("audio +firefox/wasm")
        .containsPattern("text-embedding +undecided, ahead is chromium/wasm")
        .contains("silero-vad webnn chromium ×2  backend-unavailable")
        .contains("device-lost")
        .contains("first task after 6.2 s, all after 1 min 31 s")
        .contains("evidence: evidence/quickstart-51-2");
  }

  @Test
  void itFitsAHundredColumnsAndHasNoColoursInAFile() {
    String table = ResultsTable.render(TestingResults.quickstart(), Style.PLAIN);

    assertThat(table.lines()).allMatch(line -> Text.width(line) <= ResultsTable.WIDTH);
    assertThat(table).doesNotContain("\u001b");
  }

  @Test
  void coloursAreForTerminalsThatWantThem() {
    assertThat(Style.of(true, Map.of())).isEqualTo(new Style(true));
    assertThat(Style.of(false, Map.of())).isEqualTo(Style.PLAIN);
    assertThat(Style.of(true, Map.of("NO_COLOR", "1"))).isEqualTo(Style.PLAIN);
    assertThat(Style.of(true, Map.of("TERM", "dumb"))).isEqualTo(Style.PLAIN);
  }

  @Test
  void aNameThatIsAnEscapeSequenceDoesNotReachTheTerminal() {
    AttemptResult result =
        TestingResults.result()
            .model("\u001b[2J\u009b31mevil", ModelFamily.OTHER)
            .failed(Outcome.FAILED, "\u001b]0;title\u0007", "line one\r\nline two")
            .build();

    assertThat(
            ResultsTable.render(
                ReportData.of("t", "v", TestingResults.START, List.of(result)), Style.PLAIN))
        .doesNotContain("\u001b")
        .doesNotContain("\u009b")
        .doesNotContain("\r");
  }

  @Property(tries = 200)
  void columnsStayAlignedWhateverTheNameOfTheModel(@ForAll String name) {
    AttemptResult result = TestingResults.result().model(name, ModelFamily.OTHER).build();

    String table =
        ResultsTable.render(
            ReportData.of("t", "v", TestingResults.START, List.of(result)), Style.PLAIN);

    List<String> lines = table.lines().toList();
    assertThat(lines).allMatch(line -> Text.width(line) <= ResultsTable.WIDTH);
    assertThat(lines.get(0).indexOf("verdict")).isEqualTo(lines.get(2).indexOf("trusted"));
  }

  @Property(tries = 300)
  void paddedTextIsExactlyAsWideAsAsked(
      @ForAll String text, @ForAll @IntRange(min = 1, max = 60) int width) {
    String clean = Text.clean(text);
    assertThat(Text.width(Text.left(clean, width))).isEqualTo(width);
    assertThat(Text.width(Text.right(clean, width))).isEqualTo(width);
    assertThat(Text.wrap(clean, width)).allMatch(line -> Text.width(line) <= width);
  }

  @Test
  void wideCharactersCountTwice() {
    assertThat(Text.width("音声")).isEqualTo(4);
    assertThat(Text.left("音声モデル", 6)).isEqualTo("音声… ");
    assertThat(Text.width("e\u0301")).isEqualTo(1);
  }

  @Property(tries = 300)
  void figuresHaveThreeDigitsAndNoExponent(
      @ForAll @DoubleRange(min = 0.01, max = 90_000) double millis) {
    assertThat(Units.millis(millis)).matches("\\d{1,4}(\\.\\d{1,4})? (ms|s)");
  }
}
