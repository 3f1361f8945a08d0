package dev.ballast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ballast.TestingPatience;
import dev.ballast.cli.serve.ControllerService;
import dev.ballast.server.desk.Desk;
import dev.ballast.worker.PageServer;
import dev.ballast.worker.browser.Browser;
import dev.ballast.worker.browser.InstalledBrowsers;
import dev.ballast.worker.browser.LaunchOptions;
import dev.ballast.worker.browser.Page;
import dev.ballast.worker.browser.TestingScript;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A user's page, served as workers serve it, tries everything that a page can to use the API. */
@QuarkusTest
class OwnPageApiTest {
  private static final String HOSTILE =
      """
      <!doctype html><meta charset="utf-8"><title>hostile</title><link rel="icon" href="data:,">
      <script>
      const API = "http://127.0.0.1:PORT", JOBS = API + "/api/v1/namespaces/default/jobs";
      const JOB = "apiVersion: ballast.dev/v1alpha1\\nkind: TestJob\\nmetadata: {name: stolen}\\n"
        + "spec: {matrix: {models: [{name: vad, family: audio, source: \\"builtin:silero-vad\\"}]}}";
      const read = (options, url = JOBS) => fetch(url, options).then(async (a) => "read " + a.status + a.type + (await a.text()), (e) => "no");
      const element = (make) => new Promise((done) => {
        const e = make(); e.onload = () => done("loaded"); e.onerror = () => done("no");
        document.body.append(e); setTimeout(() => done("no answer"), 4000);
      });
      async function attack() {
        const frame = document.createElement("iframe");
        frame.name = "frame"; frame.sandbox = ""; document.body.append(frame);
        const form = Object.assign(document.createElement("form"), { method: "POST", action: JOBS, enctype: "text/plain", target: "frame" });
        form.append(Object.assign(document.createElement("input"), { name: JOB.split("=")[0], value: "" }));
        document.body.append(form);
        form.submit();
        return JSON.stringify({
          cors: await read({}),
          credentials: await read({ credentials: "include" }),
          console: await read({}, API + "/"),
          metrics: await read({}, API + "/q/metrics"),
          opaque: await read({ mode: "no-cors" }),
          simple: await read({ method: "POST", mode: "no-cors", headers: { "Content-Type": "text/plain" }, body: JOB }),
          json: await read({ method: "POST", headers: { "Content-Type": "application/json" }, body: JOB }),
          cancel: await read({ method: "DELETE" }, JOBS + "/victim"),
          beacon: String(navigator.sendBeacon(JOBS, JOB)),
          script: await element(() => Object.assign(document.createElement("script"), { src: API + "/console/dom.js" })),
          image: await element(() => Object.assign(new Image(), { src: API + "/console/icon.svg" })),
          events: await new Promise((done) => { const s = new EventSource(API + "/api/v1/events"); s.onopen = () => done("read"); s.onerror = () => done("no"); }),
        });
      }
      </script>
      """;

  @Inject Desk desk;

  @TempDir(cleanup = CleanupMode.NEVER)
  Path data;

  private ControllerService controller;

  @BeforeEach
  void open() {
    controller = ControllerService.open(data, TestingPatience.SILENCE_ALLOWED, 1);
    desk.open(controller.desk());
  }

  @AfterEach
  void close() {
    desk.close();
    controller.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"chromium", "firefox"})
  void aPageUnderTestReadsAndChangesNothing(String kind) throws Exception {
    Path file =
        Files.writeString(
            data.resolve("hostile.html"),
            HOSTILE.replace("PORT", String.valueOf(RestAssured.port)));
    try (PageServer pages = new PageServer();
        Browser browser =
            InstalledBrowsers.find().stream()
                .filter(found -> found.kind().name().equals(kind))
                .findFirst()
                .orElseThrow(() -> new AssertionError(kind + " is not installed"))
                .launcher(LaunchOptions.in(data))
                .launch();
        Page page = browser.open(pages.serveFile("hostile.html", file))) {
      JsonNode told = new ObjectMapper().readTree(TestingScript.text(page, "() => attack()"));

      for (String attempt :
          new String[] {
            "cors",
            "credentials",
            "console",
            "metrics",
            "json",
            "cancel",
            "script",
            "image",
            "events"
          }) {
        assertThat(told.path(attempt).asText()).as(attempt).isEqualTo("no");
      }
      // A browser sends these and tells the page nothing of the answer.
      for (String blind : new String[] {"opaque", "simple"}) {
        assertThat(told.path(blind).asText()).as(blind).isIn("no", "read 0opaque");
      }
    }
    assertThat(controller.dispatch().jobs()).isEmpty();
  }
}
