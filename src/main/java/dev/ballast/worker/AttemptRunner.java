package dev.ballast.worker;

import dev.ballast.model.Assignment;
import dev.ballast.model.AttemptReport;
import dev.ballast.model.ModelSource;
import dev.ballast.model.Outcome;
import dev.ballast.model.Verdict;
import dev.ballast.worker.PhaseClock.Phase;
import dev.ballast.worker.browser.BrowserException;
import dev.ballast.worker.browser.Page;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Runs one attempt: browser, page, model, correctness, samples, verdict. Whatever goes wrong ends
 * in a coded outcome, with the page's console and a screenshot as evidence, and leaves a browser
 * that the next attempt can use.
 */
final class AttemptRunner {
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

  AttemptReport run(Assignment assignment, Bench bench) throws InterruptedException {
    AttemptDraft draft = new AttemptDraft(assignment, settings);
    Page page = null;
    try {
      BrowserHost.Running browser = browser(draft);
      boolean own = assignment.model().source() instanceof ModelSource.Page;
      page = own ? openOwnPage(browser, assignment) : openRunnerPage(browser, bench);
      String nonce = UUID.randomUUID().toString();
      Conversation conversation = bench.begin(assignment.attempt(), nonce, page);
      Dialogue dialogue = new Dialogue(page, nonce, conversation, draft, browser);
      Runnable whileQuiet = () -> host.measureMemory().ifPresent(draft::peakMemory);
      Verdict verdict =
          own
              ? new OwnPageRun(tools, dialogue, whileQuiet).measure()
              : new ModelRun(tools, dialogue, bench.residents(), whileQuiet).measure();
      return draft.succeeded(verdict);
    } catch (AttemptFailure failure) {
      AttemptReport.Evidence evidence = evidence(page, failure);
      revive(bench, draft, failure);
      return draft.failed(failure, evidence);
    } finally {
      bench.end();
      if (page != null && assignment.model().source() instanceof ModelSource.Page) {
        page.close();
      }
    }
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

  private static Page openRunnerPage(BrowserHost.Running browser, Bench bench)
      throws AttemptFailure {
    try {
      return bench.runnerPage(browser);
    } catch (BrowserException e) {
      throw new AttemptFailure(Outcome.CRASHED, "browser-lost", e.getMessage());
    }
  }

  private Page openOwnPage(BrowserHost.Running browser, Assignment assignment)
      throws AttemptFailure {
    try {
      return browser
          .browser()
          .open(tools.shelf().page(((ModelSource.Page) assignment.model().source()).url()));
    } catch (BrowserException e) {
      throw new AttemptFailure(
          browser.isLost() ? Outcome.CRASHED : Outcome.FAILED, "page-not-loaded", e.getMessage());
    }
  }

  /**
   * What the page left behind. A page that hangs or is gone gives no screenshot; its console was
   * kept all along.
   */
  private static AttemptReport.@Nullable Evidence evidence(
      @Nullable Page page, AttemptFailure failure) {
    if (page == null || failure.outcome() == Outcome.CANCELLED) {
      return null;
    }
    String console = String.join("\n", page.console());
    String screenshot = null;
    if (!page.lost().isDone() && failure.outcome() != Outcome.HUNG) {
      try {
        screenshot = java.util.Base64.getEncoder().encodeToString(page.screenshot());
      } catch (BrowserException e) {
        console = console + "\n(no screenshot: " + e.getMessage() + ")";
      }
    }
    return new AttemptReport.Evidence(console, screenshot);
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
        if (failure.code().equals("page-error")) {
          bench.discardPage();
        }
      }
      case SUCCEEDED -> {}
    }
  }
}
