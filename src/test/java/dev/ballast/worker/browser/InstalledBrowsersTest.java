package dev.ballast.worker.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ballast.model.BrowserKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstalledBrowsersTest {
  @TempDir private Path directory;
  private Path chromium;
  private Path driver;

  @BeforeEach
  void install() throws Exception {
    chromium = script("chromium", "echo 'Chromium 156.0.8078.79 built on Testing'");
    driver = script("chromedriver", "exit 1");
  }

  @Test
  void aBrowserOnThePathIsFoundWithItsDriverAndVersion() {
    assertThat(find(Map.of("PATH", directory.toString())))
        .containsExactly(
            new InstalledBrowser(
                BrowserKind.CHROMIUM, chromium, Optional.of(driver), "156.0.8078.79"));
  }

  @Test
  void noBrowserIsNoError() {
    assertThat(find(Map.of())).isEmpty();
  }

  @Test
  void theListStandsForThePathAndHoldsSeveralVersionsOfAKind() throws Exception {
    Path older = script("older", "echo 'Mozilla Firefox 140.0esr'");
    Path newer = script("newer", "echo 'Mozilla Firefox 153.7.0esr'");
    String list =
        "firefox=%s, firefox=%s,chrome=%s:%s,firefox=/absent"
            .formatted(older, newer, chromium, driver);

    assertThat(find(Map.of("BALLAST_BROWSERS", list)))
        .containsExactly(
            new InstalledBrowser(BrowserKind.FIREFOX, older, Optional.empty(), "140.0esr"),
            new InstalledBrowser(BrowserKind.FIREFOX, newer, Optional.empty(), "153.7.0esr"),
            new InstalledBrowser(
                BrowserKind.CHROME, chromium, Optional.of(driver), "156.0.8078.79"));
  }

  @Test
  void aListThatBeginsWithPlusAddsToThoseFound() throws Exception {
    Path other = script("other", "echo 'Chromium 147.0.1'");

    assertThat(
            find(
                Map.of(
                    "PATH",
                    directory.toString(),
                    "BALLAST_BROWSERS",
                    "+chromium=%s:%s".formatted(other, driver))))
        .extracting(InstalledBrowser::version)
        .containsExactly("156.0.8078.79", "147.0.1");
  }

  @Test
  void everyVersionIsFoundOnceTheNewestFirstEachWithTheDriverOfItsVersion() throws Exception {
    Path newDriver = script("chromedriver", "echo 'ChromeDriver 156.0.8078.79'");
    Files.createDirectories(directory.resolve("opt/chromium-140/bin"));
    Path old = script("opt/chromium-140/bin/chromium", "echo 'Chromium 140.0.1'");
    Path oldDriver = script("opt/chromium-140/bin/chromedriver", "echo 'ChromeDriver 140.0.1'");
    Path other = Files.createDirectories(directory.resolve("usr/lib/chromium"));
    script("usr/lib/chromium/chromium", "echo 'Chromium 156.0.8078.79'");
    Files.createDirectories(directory.resolve("opt/google/chrome-150"));
    Path driverless = script("opt/google/chrome-150/chromium", "echo 'Chromium 150.1'");
    Files.createSymbolicLink(other.resolve("chromium-browser"), chromium);

    var found =
        InstalledBrowsers.find(
            Map.of("PATH", directory + ":" + other),
            List.of(directory.resolve("opt"), directory.resolve("usr/lib")));

    assertThat(found)
        .containsExactly(
            new InstalledBrowser(
                BrowserKind.CHROMIUM, chromium, Optional.of(newDriver), "156.0.8078.79"),
            new InstalledBrowser(BrowserKind.CHROMIUM, driverless, Optional.of(newDriver), "150.1"),
            new InstalledBrowser(BrowserKind.CHROMIUM, old, Optional.of(oldDriver), "140.0.1"));
  }

  @Test
  void aChromiumWithoutDriverSaysHowToNameOne() {
    var browser = new InstalledBrowser(BrowserKind.CHROMIUM, chromium, Optional.empty(), "156.0");

    assertThatThrownBy(() -> browser.launcher(LaunchOptions.in(directory)))
        .hasMessageContaining("BALLAST_BROWSERS=chromium=" + chromium + ":/path/to/driver");
  }

  @Test
  void aDriverThatDoesNotStartIsNamedAndLeavesNothing() throws Exception {
    var browser =
        new InstalledBrowser(BrowserKind.CHROMIUM, chromium, Optional.of(driver), "156.0");
    Path temporary = directory.resolve("temporary");

    assertThatThrownBy(() -> browser.launcher(LaunchOptions.in(temporary)).launch())
        .isInstanceOf(BrowserException.class)
        .hasMessageContaining("chromium (%s) did not start".formatted(chromium));
    assertThat(temporary).isEmptyDirectory();
  }

  private static List<InstalledBrowser> find(Map<String, String> environment) {
    return InstalledBrowsers.find(environment, List.of());
  }

  private Path script(String name, String body) throws Exception {
    Path file = directory.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }
}
