package dev.ballast.cli;

import static dev.ballast.TestingPatience.await;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.ballast.TestingPatience;
import dev.ballast.cli.serve.ControllerService;
import dev.ballast.dispatch.Examples;
import dev.ballast.dispatch.TestingWorker;
import dev.ballast.model.Assignment;
import dev.ballast.model.Backend;
import dev.ballast.model.BrowserKind;
import dev.ballast.model.JobSpec;
import dev.ballast.model.ModelFamily;
import dev.ballast.model.Outcome;
import dev.ballast.server.desk.Desk;
import dev.ballast.server.door.Door;
import dev.ballast.worker.browser.Browser;
import dev.ballast.worker.browser.BrowserException;
import dev.ballast.worker.browser.InstalledBrowsers;
import dev.ballast.worker.browser.LaunchOptions;
import dev.ballast.worker.browser.Page;
import dev.ballast.worker.browser.TestingAxe;
import dev.ballast.worker.browser.TestingKeys;
import dev.ballast.worker.browser.TestingScript;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The console in real browsers, over a real controller whose worker has no browser. */
@QuarkusTest
class ConsoleTest {
  private static final String HOSTILE = "<img src=x onerror=\"window.pwned=1\">'&amp;";

  @Inject Desk desk;
  @Inject Door door;

  @TempDir(cleanup = CleanupMode.NEVER)
  Path data;

  private ControllerService controller;

  private final TestingWorker worker =
      new TestingWorker(
          "w1",
          HOSTILE,
          Map.of("a", HOSTILE),
          BrowserKind.CHROMIUM,
          2,
          List.of(Backend.WASM),
          true);

  @BeforeEach
  void open() {
    // Nobody speaks for the worker while a browser opens, and that may take a slow machine long.
    controller = ControllerService.open(data, TestingPatience.SILENCE_ALLOWED, 1);
    desk.open(controller.desk());
  }

  @AfterEach
  void close() {
    door.dismiss();
    desk.close();
    controller.close();
  }

  private String submit(JobSpec job) throws Exception {
    return controller.dispatch().submit(job).get(5, TimeUnit.SECONDS);
  }

  private void exchange() throws Exception {
    worker.take(controller.dispatch().sync(worker.request(0)).get(5, TimeUnit.SECONDS));
  }

  /** Runs {@code attempts} of what waits, and leaves others running. */
  private void work(int attempts) throws Exception {
    exchange();
    worker.startAll();
    for (int done = 0; done < attempts; done++) {
      Assignment running = worker.running().getFirst();
      worker.finish(running.attempt(), Outcome.SUCCEEDED, Instant.now(), 10 + done);
      exchange();
      worker.startAll();
    }
    exchange();
  }

  private static JobSpec job(String name, String model, int repetitions) {
    return Examples.job(name)
        .models(Examples.model(model, ModelFamily.AUDIO))
        .repetitions(repetitions)
        .spec();
  }

  private static Browser launch(String kind, Path folder) throws BrowserException {
    return InstalledBrowsers.find().stream()
        .filter(found -> found.kind().name().equals(kind))
        .findFirst()
        .orElseThrow(() -> new AssertionError(kind + " is not installed"))
        .launcher(LaunchOptions.in(folder))
        .launch();
  }

  private static String text(Page page) throws BrowserException {
    return TestingScript.text(page, "() => document.body.innerText");
  }

  private static void go(Page page, String hash, String title) throws BrowserException {
    TestingScript.text(page, "() => { location.hash = '" + hash + "'; return ''; }");
    await()
        .until(
            () -> TestingScript.text(page, "() => document.querySelector('h1')?.innerText"),
            equalTo(title));
  }

  @ParameterizedTest
  @ValueSource(strings = {"chromium", "firefox"})
  void everyPageIsLiveSafeAndUsable(String kind) throws Exception {
    String uid = submit(job("speech", HOSTILE, 6));
    String waits = submit(Examples.job("nowhere").backends(Backend.WEBNN).repetitions(3).spec());
    work(3);
    try (Browser browser = launch(kind, data);
        Page page = browser.open(URI.create("http://127.0.0.1:" + RestAssured.port + "/"))) {
      await()
          .until(
              () -> TestingScript.text(page, "() => document.getElementById('live').innerText"),
              equalTo("live"));
      TestingAxe.enter(page);
      look(page, "#/", "Overview", "2\nrunning", "speech", "nowhere", HOSTILE);
      look(page, "#/pools", "Pools", HOSTILE, "w1", "2 running", "software adapter");
      look(page, "#/jobs", "Jobs", "speech", "running", "nowhere");
      look(
          page,
          "#/jobs/default/" + uid,
          "speech",
          HOSTILE,
          "chromium · wasm",
          "3 of 3",
          "any browser · wasm");
      look(page, "#/jobs/default/" + waits, "nowhere", "NoBackend", "backend webnn was found in");
      look(
          page,
          "#/jobs/default/" + uid + "/tasks/0",
          "speech, task 0",
          "Where the time went",
          "factor by factor",
          "w1 · wasm");
      look(page, "#/jobs/default/" + waits + "/tasks/0", "nowhere, task 0", "Why it waits");
      look(page, "#/affinities", "Affinities", "audio, all models", HOSTILE);
      look(page, "#/jobs/default/none", "Not here", "no job \"none\"");

      go(page, "#/", "Overview");
      submit(job("comes-later", "vad", 1));
      await().until(() -> text(page), containsString("comes-later"));
      assertThat(
              TestingScript.text(
                  page,
                  "() => performance.getEntriesByType('resource').map(e => e.name)"
                      + ".filter(name => !name.startsWith(location.origin)).join()"))
          .as("requests to elsewhere")
          .isEmpty();
      // The one page that is not there is answered with 404, which Chromium notes by itself.
      assertThat(page.console()).allMatch(line -> line.contains("404"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"chromium", "firefox"})
  void aKeyboardIsEnough(String kind) throws Exception {
    submit(job("speech", "vad", 6));
    work(3);
    try (Browser browser = launch(kind, data);
        Page page = browser.open(URI.create("http://127.0.0.1:" + RestAssured.port + "/"))) {
      await().until(() -> text(page), containsString("speech"));
      tabTo(page, "Skip to the content");
      tabTo(page, "Jobs");
      TestingKeys.press(page, TestingKeys.ENTER);
      await().until(() -> text(page), containsString("Newest first"));
      // Whoever hears the page is told where they are now.
      await().until(() -> focused(page, "tagName"), equalTo("H1"));

      tabTo(page, "speech");
      submit(job("comes-later", "vad", 1));
      await().until(() -> text(page), containsString("comes-later"));
      TestingKeys.press(page, TestingKeys.ENTER);
      await().until(() -> text(page), containsString("Matrix"));
      await().until(() -> focused(page, "tagName"), equalTo("H1"));

      TestingScript.text(page, "() => { document.querySelector('.skip').focus(); return ''; }");
      TestingKeys.press(page, TestingKeys.ENTER);
      await().until(() -> focused(page, "id"), equalTo("main"));
    }
  }

  private static String focused(Page page, String property) throws BrowserException {
    return TestingScript.text(page, "() => document.activeElement." + property);
  }

  /** Goes on with Tab until what has the focus is called so. */
  private static void tabTo(Page page, String name) throws BrowserException {
    String now = "";
    for (int presses = 0; presses < 30 && !now.equals(name); presses++) {
      TestingKeys.press(page, TestingKeys.TAB);
      now = focused(page, "innerText").strip();
    }
    assertThat(now).as("what has the focus after Tab").isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"chromium", "firefox"})
  void whoHasATokenSignsIn(String kind) throws Exception {
    submit(job("speech", "vad", 2));
    work(1);
    door.post(new TestingGuard());
    try (Browser browser = launch(kind, data);
        Page page = browser.open(URI.create("http://127.0.0.1:" + RestAssured.port + "/"))) {
      await().until(() -> text(page), containsString("Sign in"));
      TestingAxe.enter(page);
      assertThat(TestingAxe.violations(page)).isEmpty();

      enter(page, "a-token-of-nobody");
      await().until(() -> text(page), containsString("nobody knows that token"));

      enter(page, TestingGuard.GOOD);
      // The page is left for the overview, and that is seen from another one of the same browser.
      await().until(() -> isLeft(page));
      try (Page overview = browser.open(URI.create("http://127.0.0.1:" + RestAssured.port + "/"))) {
        await().until(() -> text(overview), containsString("speech"));
        assertThat(text(overview)).contains("live");
        assertThat(TestingScript.text(overview, "() => document.cookie")).isEmpty();
        assertThat(overview.console()).isEmpty();
      }
    }
  }

  private static boolean isLeft(Page page) {
    try {
      text(page);
      return false;
    } catch (BrowserException e) {
      return true;
    }
  }

  private static void enter(Page page, String token) throws BrowserException {
    TestingScript.text(
        page,
        """
        () => {
          document.getElementById('token').value = '%s';
          document.getElementById('form').requestSubmit();
          return '';
        }
        """
            .formatted(token));
  }

  private void look(Page page, String hash, String title, String... shown) throws Exception {
    go(page, hash, title);
    await()
        .untilAsserted(() -> {
          assertThat(text(page)).as(hash).contains(shown);
        });
    assertThat(TestingScript.text(page, "() => String(window.pwned)"))
        .as("%s ran what a name brought along", hash)
        .isEqualTo("undefined");
    assertThat(TestingAxe.violations(page))
        .as("%s: serious violations of accessibility", hash)
        .isEmpty();
  }

  @Test
  void whatIsSentIsSmallAndMayDoLittle() {
    int bytes = given().get("/").asByteArray().length;
    for (String name :
        List.of(
            "console.css",
            "icon.svg",
            "main.js",
            "dom.js",
            "live.js",
            "overview.js",
            "pools.js",
            "jobs.js",
            "task.js",
            "affinities.js",
            "sign-in.html",
            "sign-in.js")) {
      var answer = given().get("/console/" + name);
      assertThat(answer.statusCode()).as(name).isEqualTo(200);
      bytes += answer.asByteArray().length;
    }
    assertThat(bytes).isLessThan(200_000);
    given()
        .get("/")
        .then()
        .header("Content-Security-Policy", containsString("default-src 'none'; script-src 'self'"))
        .header("X-Content-Type-Options", equalTo("nosniff"))
        .header("X-Frame-Options", equalTo("DENY"));
  }

  @Test
  void whoeverNamesAnotherHostSeesNothing() {
    for (String path :
        List.of("/", "/console/main.js", "/q/metrics", "/q/openapi", "/api/v1/workers")) {
      given().header("Host", "evil.example").get(path).then().statusCode(403);
      given().header("Origin", "http://evil.example").get(path).then().statusCode(403);
    }
    given().header("Host", "10.0.0.7:7878").get("/q/health/live").then().statusCode(200);
  }
}
