package dev.ballast.worker.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.ballast.model.BrowserKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What every kind of browser must do; one real browser is shared by the tests of a kind. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BrowserContract {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final BrowserProcesses kinds = BrowserProcesses.of(kind().name());
  private final TestingPages pages = new TestingPages();
  private Path directory;
  private BrowserLauncher launcher;
  private Browser browser;

  abstract BrowserKind kind();

  @BeforeAll
  void launch(@TempDir(cleanup = CleanupMode.NEVER) Path temporary) throws BrowserException {
    directory = temporary;
    var installed =
        InstalledBrowsers.find().stream().filter(found -> found.kind().equals(kind())).findFirst();
    assumeThat(installed).as("%s is installed", kind()).isPresent();
    launcher = installed.orElseThrow().launcher(LaunchOptions.in(directory));
    browser = launcher.launch();
  }

  @AfterAll
  void close() {
    if (browser != null) {
      browser.close();
    }
    pages.close();
  }

  TestingPages pages() {
    return pages;
  }

  BrowserLauncher launcher() {
    return launcher;
  }

  @Test
  void aJobReportsThroughItsChannel() throws Exception {
    try (var page = browser.open(pages.page())) {
      var messages = new LinkedBlockingQueue<String>();

      page.start("start", "{\"count\": 3, \"nonce\": \"n1\"}", messages::add);

      assertThat(messages.poll(30, TimeUnit.SECONDS)).isEqualTo("{\"nonce\":\"n1\",\"i\":1}");
      assertThat(messages.poll(30, TimeUnit.SECONDS)).isEqualTo("{\"nonce\":\"n1\",\"i\":2}");
      assertThat(messages.poll(30, TimeUnit.SECONDS)).isEqualTo("{\"nonce\":\"n1\",\"i\":3}");
    }
  }

  @Test
  void aFunctionThatThePageLacksIsAnError() throws Exception {
    try (var page = browser.open(pages.page())) {
      assertThatThrownBy(() -> page.start("absent", "{}", message -> {}))
          .isInstanceOf(BrowserException.class)
          .hasMessageContaining("the page defines no function absent(job, report)");
    }
  }

  @Test
  void aCallReturnsTheAnswerOfItsPromise() throws Exception {
    try (var page = browser.open(pages.page())) {
      String answer = page.call("add", "{\"a\": 1, \"b\": 2}", SOON);

      assertThat(answer).isEqualTo("{\"sum\":3,\"isolated\":true}");
      assertThat(page.call("big", "3000000", SOON)).hasSize(3_000_002);
    }
  }

  @Test
  void theConsoleHoldsWhatThePageSaysAndItsUncaughtErrors() throws Exception {
    try (var page = browser.open(pages.page())) {
      page.call("say", "\"careful\"", SOON);
      page.start("startFailing", "{}", message -> {});

      Awaitility.await()
          .atMost(SOON)
          .untilAsserted(() ->
              assertThat(page.console())
                  .contains("info: the page says hello", "warn: careful")
                  .anyMatch(line ->
                      line.startsWith("error: uncaught") && line.contains("the job broke")));
    }
  }

  @Test
  void aScreenshotIsAPng() throws Exception {
    try (var page = browser.open(pages.page())) {
      assertThat(page.screenshot()).startsWith(0x89, 'P', 'N', 'G').hasSizeGreaterThan(1000);
    }
  }

  /** Pages that processes share count once: less than all say, more than each has alone. */
  @Test
  void memoryIsTheProportionalSetSizeOfTheWholeTree() throws Exception {
    try (var _ = browser.open(pages.page())) {
      long alone = kibibytes("Private_Clean", "Private_Dirty");
      long memory = browser.memoryBytes().orElseThrow() / 1024;
      long all = kibibytes("Rss");

      assertThat(memory).isGreaterThan(alone * 9 / 10).isLessThan(all);
      assertThat(memory).isGreaterThan(100_000);
    }
  }

  /** Sum over the tree of what the system says of each process. */
  private long kibibytes(String... fields) {
    long sum = 0;
    for (ProcessHandle process : processes(browser, _ -> true)) {
      for (String line : rollup(process.pid())) {
        for (String field : fields) {
          if (line.startsWith(field + ":")) {
            sum += Long.parseLong(line.replaceAll("\\D", ""));
          }
        }
      }
    }
    return sum;
  }

  /** Empty for a process that has ended meanwhile: browsers end what they keep in reserve. */
  private static List<String> rollup(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc/%d/smaps_rollup".formatted(pid)));
    } catch (IOException e) {
      return List.of();
    }
  }

  @Test
  void closingAPageIsNoLoss() throws Exception {
    var page = browser.open(pages.page());
    page.close();

    assertThat(browser.open(pages.page()).lost()).isNotDone();
    assertThat(page.lost()).isNotDone();
    assertThatThrownBy(() -> page.call("add", "{}", SOON)).hasMessageContaining("it was closed");
  }

  @Test
  void aCrashedPageIsLostAndTheBrowserStays() throws Exception {
    var page = browser.open(pages.page());
    var waiting = new CompletableFuture<String>();
    page.start("listen", "{}", waiting::complete);
    var call = CompletableFuture.supplyAsync(() -> failureOf(page, "never"));
    assertThat(waiting).succeedsWithin(SOON);

    // Not all that run pages: Chromium's driver has one of its own, Firefox keeps some in reserve.
    var killed = processes(browser, kinds::runsPages).stream().filter(kinds::isMarked).toList();
    assertThat(killed).hasSize(1);
    killed.forEach(ProcessHandle::destroyForcibly);

    assertThat(page.lost()).succeedsWithin(SOON);
    assertThat(call).succeedsWithin(SOON).asString().contains("its document went away");
    page.close();
    try (var next = browser.open(pages.page())) {
      assertThat(next.call("add", "{\"a\": 2, \"b\": 2}", SOON)).contains("\"sum\":4");
    }
    assertThat(browser.lost()).isNotDone();
  }

  @Test
  void aHungPageIsClosedByForceAndItsNeighbourWorksOn() throws Exception {
    try (var neighbour = browser.open(pages.page())) {
      var hung = browser.open(pages.page());
      assertThatThrownBy(() -> hung.call("hang", "{}", Duration.ofMillis(500)))
          .hasMessageContaining("not answered within 500 ms");
      assertThat(neighbour.call("add", "{\"a\": 2, \"b\": 2}", SOON)).contains("\"sum\":4");
      var before = processes(browser, kinds::runsPages);

      hung.close();

      Awaitility.await().atMost(SOON).until(() -> before.stream().anyMatch(p -> !p.isAlive()));
      assertThat(neighbour.call("add", "{\"a\": 2, \"b\": 3}", SOON)).contains("\"sum\":5");
      try (var next = browser.open(pages.page())) {
        assertThat(next.call("add", "{\"a\": 2, \"b\": 4}", SOON)).contains("\"sum\":6");
      }
    }
    assertThat(browser.lost()).isNotDone();
  }

  @Test
  void aJobThatNeverYieldsDoesNotHoldItsStart() throws Exception {
    var page = browser.open(pages.page());
    var messages = new LinkedBlockingQueue<String>();

    page.start("startHanging", "{}", messages::add);
    page.close();

    assertThat(browser.lost()).isNotDone();
  }

  @Test
  void browsersStartSideBySideAndOneThatIsKilledIsLost() throws Exception {
    try (var first = launchAsync().get(30, TimeUnit.SECONDS);
        var second = launchAsync().get(30, TimeUnit.SECONDS)) {
      var page = first.open(pages.page());

      processes(first, kinds::isMain).forEach(ProcessHandle::destroyForcibly);

      assertThat(first.lost()).succeedsWithin(SOON);
      assertThat(page.lost()).succeedsWithin(SOON);
      assertThat(second.lost()).isNotDone();
    }
    assertThat(directory.toFile().list())
        .as("only the shared browser's directory is left")
        .hasSize(1);
  }

  static List<ProcessHandle> processes(Browser of, Predicate<String> commandLine) {
    var tree = ((BidiBrowser) of).processes().orElseThrow();
    return tree.members().stream()
        .filter(process -> commandLine.test(commandLine(process.pid())))
        .toList();
  }

  private static String commandLine(long pid) {
    try {
      Path file = Path.of("/proc/%d/cmdline".formatted(pid));
      return Files.readString(file, StandardCharsets.ISO_8859_1).replace('\0', ' ').strip();
    } catch (IOException e) {
      return "";
    }
  }

  private CompletableFuture<Browser> launchAsync() {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return launcher.launch();
      } catch (BrowserException e) {
        throw new IllegalStateException(e);
      }
    });
  }

  private static String failureOf(Page page, String function) {
    try {
      return "no failure but " + page.call(function, "{}", Duration.ofSeconds(30));
    } catch (BrowserException e) {
      return e.getMessage();
    }
  }
}
