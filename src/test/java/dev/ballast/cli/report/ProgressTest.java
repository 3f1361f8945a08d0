package dev.ballast.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.cli.report.ProgressFrame.BrowserLine;
import dev.ballast.cli.report.ProgressFrame.Start;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final ProgressFrame HALF_WAY =
      new ProgressFrame(
          Duration.ofSeconds(20),
          30,
          60,
          10,
          1,
          4,
          List.of(
              new BrowserLine(
                  "chromium 156", Optional.of("silero-vad wasm, measuring 40/200"), Start.WARM, 18),
              new BrowserLine("firefox 153", Optional.empty(), Start.UNKNOWN, 12)));

  @Test
  void aFrameIsABarAndALineForEachBrowser() {
    assertThat(ProgressText.lines(HALF_WAY, 100, Style.PLAIN))
        .containsExactly(
            "━━━━━━━━━━──────────  30/60 tasks, 1 failed, 4 unplaceable, 1.00/s, 20 s, about 30 s left",
            "  chromium 156    18 done  warm  silero-vad wasm, measuring 40/200",
            "  firefox 153     12 done        idle");
  }

  @Test
  void aLogGetsOneLine() {
    assertThat(ProgressText.line(HALF_WAY))
        .isEqualTo(
            "30/60 tasks, 1 failed, 4 unplaceable, 1.00/s, 20 s, about 30 s left; 1 of 2 browsers busy");
  }

  @Test
  void beforeTheFirstResultThereIsNoRateAndNoGuess() {
    ProgressFrame start = new ProgressFrame(Duration.ofSeconds(3), 10, 60, 10, 0, 0, List.of());

    assertThat(start.tasksPerSecond()).isEmpty();
    assertThat(start.remaining()).isEmpty();
  }

  @Property(tries = 200)
  void noLineIsWiderThanTheTerminal(
      @ForAll String name, @ForAll String doing, @ForAll @IntRange(min = 20, max = 200) int width) {
    ProgressFrame frame =
        new ProgressFrame(
            Duration.ofHours(5),
            100_000,
            100_000,
            0,
            5,
            7,
            List.of(new BrowserLine(name, Optional.of(doing), Start.COLD, 99_999)));

    assertThat(ProgressText.lines(frame, width, Style.PLAIN))
        .allMatch(line -> Text.width(line) <= width);
  }

  @Test
  void aTerminalIsRedrawnInPlaceAndLogLinesStayAboveIt() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    try (var display = ProgressDisplay.start(out, true, 80, Style.PLAIN, () -> HALF_WAY)) {
      display.println("a warning");
    }

    String text = bytes.toString(StandardCharsets.UTF_8);
    assertThat(text)
        .contains("a warning")
        .endsWith("1 of 2 browsers busy" + System.lineSeparator());
  }
}
