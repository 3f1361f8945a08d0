package dev.ballast.worker;

import dev.ballast.worker.browser.BrowserException;
import dev.ballast.worker.browser.Page;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * The window of one slot: it stays open between attempts, so that models that were loaded stay
 * loaded.
 */
final class Bench {
  private record Open(BrowserHost.Running browser, Page page) {}

  private final BrowserHost host;
  private final URI runnerPage;
  private final Residents residents;
  private @Nullable Open open;

  Bench(BrowserHost host, PageServer pages, long modelMemoryBytes) {
    this.host = host;
    this.runnerPage = pages.address("/runner/runner.html");
    this.residents = new Residents(modelMemoryBytes);
  }

  Residents residents() {
    return residents;
  }

  /** The runner page in this browser, opened anew where the last one is gone. */
  Page runnerPage(BrowserHost.Running browser) throws BrowserException {
    Open now = open;
    if (now != null && now.browser().equals(browser) && !now.page().lost().isDone()) {
      return now.page();
    }
    discardPage();
    Page page = browser.browser().open(runnerPage);
    open = new Open(browser, page);
    return page;
  }

  /** Closes the window, with all that was loaded in it. */
  void discardPage() {
    Open now = open;
    open = null;
    residents.clear();
    if (now != null) {
      now.page().close();
    }
  }

  /** Ends the browser; the next attempt starts another. */
  void discardBrowser(BrowserHost.Running browser) {
    open = null;
    residents.clear();
    host.discard(browser);
  }
}
