package dev.ballast.worker.browser;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** One page in a window of its own. */
public interface Page extends AutoCloseable {
  /**
   * Calls the page's global {@code function(job, report)} and returns at once. {@code job} is
   * parsed JSON in the page; whatever the page passes to {@code report(message)} arrives at {@code
   * onMessage} as JSON text. Nothing is evaluated that would run again after a crash: on a page
   * that does not define the function this fails.
   */
  void start(String function, String jobJson, Consumer<String> onMessage) throws BrowserException;

  /**
   * Calls the page's global {@code function(argument)}, waits for its promise, and returns the
   * answer as JSON text.
   */
  String call(String function, String argumentJson, Duration timeout) throws BrowserException;

  /** Console messages and uncaught errors since the page was opened, oldest first, bounded. */
  List<String> console();

  /** A PNG of what the page shows now. */
  byte[] screenshot() throws BrowserException;

  /**
   * Completes, with the reason, when the page's process died, its realm went away, or its browser
   * did.
   */
  CompletableFuture<String> lost();

  /** Closes the window; kills its renderer where the page no longer answers. */
  @Override
  void close();
}
