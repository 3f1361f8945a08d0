package dev.ballast.cli.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.ballast.cli.report.TestingResults;
import dev.ballast.worker.browser.Browser;
import dev.ballast.worker.browser.InstalledBrowsers;
import dev.ballast.worker.browser.LaunchOptions;
import dev.ballast.worker.browser.Page;
import dev.ballast.worker.browser.TestingAxe;
import dev.ballast.worker.browser.TestingScript;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The report as readers have it before them: wide and narrow, light and dark. */
class HtmlReportBrowserTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A frame has the width and the colours that a window or a phone would have. */
  private static final String FRAMED =
      """
      async () => {
        const seen = [];
        for (const width of [1280, 390]) {
          for (const scheme of ['light', 'dark']) {
            const frame = document.createElement('iframe');
            frame.style = `width: ${width}px; height: 800px; border: 0; color-scheme: ${scheme}`;
            frame.src = '/report.html';
            const loaded = new Promise(resolve => { frame.onload = resolve; });
            document.body.append(frame);
            await loaded;
            const inner = frame.contentWindow;
            const root = inner.document.documentElement;
            seen.push({
              width: root.clientWidth,
              scrollWidth: root.scrollWidth,
              dark: inner.matchMedia('(prefers-color-scheme: dark)').matches,
              background: inner.getComputedStyle(inner.document.body).backgroundColor,
              text: inner.getComputedStyle(inner.document.body).color,
              charts: [...inner.document.querySelectorAll('svg')]
                .filter(svg => svg.getBoundingClientRect().width > 0).length,
              requests: inner.performance.getEntriesByType('resource').length,
            });
            frame.remove();
          }
        }
        return JSON.stringify(seen);
      }
      """;

  @TempDir(cleanup = CleanupMode.NEVER)
  Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"chromium", "firefox"})
  void itFitsEveryWidthInBothSchemesAndAsksForNothing(String kind) throws Exception {
    HttpServer server = serve(HtmlReport.render(TestingResults.quickstart()));
    String address = "http://127.0.0.1:" + server.getAddress().getPort();
    try (Browser browser =
        InstalledBrowsers.find().stream()
            .filter(found -> found.kind().name().equals(kind))
            .findFirst()
            .orElseThrow()
            .launcher(LaunchOptions.in(folder))
            .launch()) {
      try (Page frames = browser.open(URI.create(address + "/frames.html"))) {
        JsonNode seen = JSON.readTree(TestingScript.text(frames, FRAMED));

        assertThat(seen).hasSize(4);
        for (JsonNode view : seen) {
          assertThat(view.path("scrollWidth").asInt())
              .as("%s scrolls sideways", view)
              .isLessThanOrEqualTo(view.path("width").asInt());
          assertThat(view.path("charts").asInt()).as("%s", view).isPositive();
          assertThat(view.path("requests").asInt()).as("%s", view).isZero();
          assertThat(view.path("text")).isNotEqualTo(view.path("background"));
        }
        assertThat(seen)
            .extracting(view -> view.path("dark").asBoolean())
            .containsExactly(false, true, false, true);
        assertThat(seen.get(0).path("background")).isNotEqualTo(seen.get(1).path("background"));
      }
      try (Page report = browser.open(URI.create(address + "/report.html"))) {
        TestingAxe.enter(report);
        assertThat(TestingAxe.violations(report)).isEmpty();
        assertThat(report.console()).isEmpty();
      }
    } finally {
      server.stop(0);
    }
  }

  private static HttpServer serve(String report) throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String page =
              exchange.getRequestURI().getPath().equals("/report.html")
                  ? report
                  : "<!doctype html><title>frames</title><body></body>";
          byte[] body = page.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "text/html; charset=utf-8");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }
}
