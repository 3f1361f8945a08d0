package dev.ballast.worker.browser;

import static dev.ballast.TestingPatience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.ballast.model.BrowserKind;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChromiumBrowserTest extends BrowserContract {
  private static final Duration SOON = Duration.ofSeconds(30);

  @Override
  BrowserKind kind() {
    return BrowserKind.CHROMIUM;
  }

  @Test
  void aBrowserWithoutItsDriverIsLostAndStillEndsWhole() throws Exception {
    try (var browser = launcher().launch()) {
      processes(browser, line -> line.contains("chromedriver"))
          .forEach(ProcessHandle::destroyForcibly);

      assertThat(browser.lost()).succeedsWithin(SOON);
      var survivors = processes(browser, BrowserProcesses.CHROMIUM::isMain);
      assertThat(survivors).isNotEmpty();

      browser.close();

      assertThat(processes(browser, line -> true)).isEmpty();
    }
  }

  @Test
  void aDriverThatRunsElsewhereIsAttachedTo(@TempDir Path temporary) throws Exception {
    assumeThat(launcher()).isInstanceOf(LocalChromium.class);
    var driver = ((LocalChromium) launcher()).driver().toString();
    var directory = ProcessTree.directory(temporary, kind());
    var listening = Pattern.compile("started successfully on port (\\d+)");
    var elsewhere = ProcessTree.start(directory, List.of(driver, "--port=0"), listening);
    try {
      var endpoint = URI.create("http://localhost:" + elsewhere.output().await(SOON) + "/");
      var options =
          LaunchOptions.in(temporary)
              .withArguments(
                  List.of("--no-sandbox", "--user-data-dir=" + directory.resolve("profile")));
      try (var browser = new RemoteWebDriver(endpoint, kind(), options).launch();
          var page = browser.open(pages().page())) {
        assertThat(page.call("add", "{\"a\": 1, \"b\": 2}", SOON)).contains("\"sum\":3");
        assertThat(browser.version()).startsWith("1");
        // Not its own child, but on this machine; the driver is not a part of it. Processes come
        // and go between two looks.
        await()
            .untilAsserted(() -> {
              assertThat(browser.processIds())
                  .hasSizeGreaterThan(2)
                  .isSubsetOf(elsewhere.members().stream().map(ProcessHandle::pid).toList());
              assertThat(browser.memoryBytes().orElseThrow())
                  .isBetween(100L << 20, elsewhere.memoryBytes().orElseThrow());
            });

        elsewhere.close();

        assertThat(browser.lost()).succeedsWithin(SOON);
        assertThat(page.lost()).succeedsWithin(SOON);
      }
    } finally {
      elsewhere.close();
    }
  }
}
