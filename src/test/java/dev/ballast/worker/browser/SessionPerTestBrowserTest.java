package dev.ballast.worker.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ballast.model.BrowserKind;
import dev.ballast.worker.PageServer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionPerTestBrowserTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"chromium", "firefox"})
  void everySessionIsABrowserOfItsOwnAndLeavesNothing(String kind) throws Exception {
    InstalledBrowser installed =
        InstalledBrowsers.find().stream()
            .filter(found -> found.kind().equals(new BrowserKind(kind)))
            .findFirst()
            .orElseThrow();
    try (PageServer pages = new PageServer();
        SessionPerTest tests = SessionPerTest.with(installed, LaunchOptions.in(directory))) {
      for (int number = 0; number < 2; number++) {
        try (Browser browser = tests.open();
            Page page = browser.open(pages.address("/runner/fixed-work.html"))) {
          String worked = page.call("work", "{\"millis\": 3}", Duration.ofSeconds(10));
          assertThat(worked).contains("\"millis\":");
          assertThat(browser.version()).startsWith(Integer.toString(installed.major()));
        }
      }
    }
    assertThat(directory).isEmptyDirectory();
  }
}
