package dev.ballast.worker;

import dev.ballast.model.Assignment;
import dev.ballast.model.AttemptReport;
import dev.ballast.model.ModelSource;
import dev.ballast.model.Outcome;
import dev.ballast.model.Verdict;
import dev.ballast.worker.PhaseClock.Phase;
import dev.ballast.worker.browser.BrowserException;
import dev.ballast.worker.browser.Page;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Runs one attempt: browser, page, model, correctness, samples, verdict. Whatever goes wrong ends
 * in a coded outcome, with the page's console and a screenshot as evidence, and leaves a browser
 * that the next attempt can use.
 */
final class AttemptRunner {
  private static final Logger LOG = System.getLogger(AttemptRunner.class.getName());

  /** Measuring takes longer than many a short attempt does altogether. */
  private static final Duration MEMORY_AGE = Duration.ofSeconds(5);

  private final WorkerTools tools;
  private final AgentSettings settings;
  private final BrowserHost host;

  AttemptRunner(WorkerTools tools, AgentSettings settings, BrowserHost host) {
    this.tools = tools;
    this.settings = settings;
    this.host = host;
  }

  WorkerTools tools() {
    return tools;
  }

  AgentSettings settings() {
    return settings;
  }

  AttemptReport run(Assignment assignment, Bench bench, CallOff callOff)
      throws InterruptedException {
    AttemptDraft draft = new AttemptDraft(assignment, settings);
    boolean own = assignment.model().source() instanceof ModelSource.Page;
    Page page = null;
    Dialogue dialogue = null;
    try {
      callOff.check();
      BrowserHost.Running browser = browser(draft);
      page = own ? ownWindow(browser) : runnerPage(browser, bench);
      dialogue = new Dialogue(page, callOff, draft, browser);
      Runnable whileQuiet = () -> memory(draft).ifPresent(draft::peakMemory);
      Verdict verdict =
          own
              ? new OwnPageRun(tools, dialogue, whileQuiet).measure()
              : new ModelRun(tools, dialogue, bench.residents(), whileQuiet).measure();
      return draft.succeeded(verdict);
    } catch (AttemptFailure failure) {
      return failed(failure, draft, page, dialogue, bench);
    } catch (RuntimeException e) {
      // A page may say what nobody foresaw; whatever it is, the slot must go on with the next.
      LOG.log(Level.ERROR, "an attempt of " + assignment.job() + " broke its worker's code", e);
      return failed(
          new AttemptFailure(Outcome.FAILED, "worker-error", e.toString()),
          draft,
          page,
          dialogue,
          bench);
    } finally {
      if (page != null && own) {
        page.close();
      }
    }
  }

  private static AttemptReport failed(
      AttemptFailure failure,
      AttemptDraft draft,
      @Nullable Page page,
      @Nullable Dialogue dialogue,
      Bench bench) {
    AttemptReport.Evidence evidence =
        page == null || dialogue == null ? null : evidence(page, dialogue, failure);
    revive(bench, draft, failure);
    return draft.failed(failure, evidence);
  }

  /** An attempt that loaded nothing leaves the memory as it found it. */
  private OptionalLong memory(AttemptDraft draft) {
    return Boolean.TRUE.equals(draft.warmStart)
        ? host.memoryNotOlderThan(MEMORY_AGE)
        : host.measureMemory();
  }

  private BrowserHost.Running browser(AttemptDraft draft) throws AttemptFailure {
    boolean there = host.current().isPresent();
    double before = draft.clock.elapsedMillis();
    try {
      BrowserHost.Running browser = host.running();
      draft.browser = browser;
      if (!there) {
        draft.clock.add(Phase.BROWSER_START, draft.clock.elapsedMillis() - before);
      }
      return browser;
    } catch (BrowserException e) {
      throw new AttemptFailure(Outcome.CRASHED, "browser-start-failed", e.getMessage());
    }
  }

  private static Page runnerPage(BrowserHost.Running browser, Bench bench) throws AttemptFailure {
    try {
      return bench.runnerPage(browser);
    } catch (BrowserException e) {
      throw new AttemptFailure(Outcome.CRASHED, "browser-lost", e.getMessage());
    }
  }

  private static Page ownWindow(BrowserHost.Running browser) throws AttemptFailure {
    try {
      return browser.browser().window();
    } catch (BrowserException e) {
      throw new AttemptFailure(Outcome.CRASHED, "browser-lost", e.getMessage());
    }
  }

  /**
   * What the page left behind. A page that hangs or is gone gives no screenshot; its console was
   * kept all along.
   */
  private static AttemptReport.@Nullable Evidence evidence(
      Page page, Dialogue dialogue, AttemptFailure failure) {
    if (failure.outcome() == Outcome.CANCELLED) {
      return null;
    }
    Optional<String> noScreenshot = Optional.empty();
    String screenshot = null;
    if (page.lost().isDone() || dialogue.isMute()) {
      noScreenshot = Optional.of("(no screenshot: the page was gone, or hung)");
    } else {
      try {
        screenshot = Base64.getEncoder().encodeToString(page.screenshot());
      } catch (BrowserException e) {
        noScreenshot = Optional.of("(no screenshot: %s)".formatted(e.getMessage()));
      }
    }
    // After the screenshot: what the browser logs of an error may come behind the page's own words.
    List<String> console = new ArrayList<>(dialogue.console());
    noScreenshot.ifPresent(console::add);
    return new AttemptReport.Evidence(String.join("\n", console), screenshot);
  }

  private static void revive(Bench bench, AttemptDraft draft, AttemptFailure failure) {
    BrowserHost.Running browser = draft.browser;
    if (browser != null && (browser.isLost() || failure.code().equals("browser-lost"))) {
      bench.discardBrowser(browser);
      return;
    }
    if (draft.assignment().model().source() instanceof ModelSource.Page) {
      return; // a page of the user's own is closed anyway, and the models loaded beside it are not
      // at fault
    }
    switch (failure.outcome()) {
      case CRASHED, HUNG, TIMED_OUT, OUT_OF_MEMORY, DEVICE_LOST, CANCELLED, WORKER_LOST ->
          bench.discardPage();
      // The page that said itself what failed can go on; one that broke the protocol may still be
      // at work.
      case FAILED -> {
        if (failure.code().equals("page-error") || failure.code().equals("worker-error")) {
          bench.discardPage();
        }
      }
      case SUCCEEDED -> {}
    }
  }
}
