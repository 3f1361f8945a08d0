package dev.ballast.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ballast.cli.command.CommandException;
import dev.ballast.model.BrowserKind;
import dev.ballast.worker.browser.InstalledBrowser;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BrowsersTest {
  private static final InstalledBrowser FIREFOX =
      new InstalledBrowser(BrowserKind.FIREFOX, Path.of("firefox"), Optional.empty(), "153.7");
  private static final InstalledBrowser WITHOUT_DRIVER =
      new InstalledBrowser(BrowserKind.CHROMIUM, Path.of("/c/chromium"), Optional.empty(), "156.0");

  @Test
  void aBrowserWithoutItsDriverIsLeftOutAndTheOthersWork() {
    assertThat(Browsers.drivable(List.of(WITHOUT_DRIVER, FIREFOX)).found())
        .containsExactly(FIREFOX);
  }

  @Test
  void whenNoneCanBeDrivenTheAnswerSaysHowToMendIt() {
    assertThatThrownBy(() -> Browsers.drivable(List.of(WITHOUT_DRIVER)))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("chromium 156.0 has no driver. Maybe install chromium-driver");
  }

  @Test
  void whenNoneIsHereTheAnswerSaysHowToMendIt() {
    assertThatThrownBy(() -> Browsers.drivable(List.of()))
        .isInstanceOf(CommandException.class)
        .hasMessage(
            "no browser found on this machine. Install some with: apt-get install -y chromium"
                + " chromium-driver firefox-esr");
  }

  @Test
  void oneThatIsNamedButNotHereIsRefused() {
    Browsers here = Browsers.drivable(List.of(FIREFOX));

    assertThatThrownBy(() -> here.only("--browsers", List.of("firefx")))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("Maybe firefox?");
  }
}
