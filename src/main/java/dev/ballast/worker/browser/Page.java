package dev.ballast.worker.browser;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** One page in a window of its own. */
public interface Page extends AutoCloseable {
  /**
   * Loads {@code url}, with all it refers to. Once for each page: afterwards it is that document,
   * and lost when that goes away.
   */
  void load(URI url, Duration timeout) throws BrowserException;

  /**
   * Calls the page's global {@code function(job, report)} and returns at once. {@code job} is
   * parsed JSON in the page; whatever the page passes to {@code report(message)} arrives at {@code
   * onMessage} as JSON text, and so does what the function throws, as {@code {type: "error", nonce,
   * …}} with the job's nonce. Nothing is evaluated that would run again after a crash: on a page
   * that does not define the function this fails.
   *
   * @param timeout how long the page may be too busy to be called
   */
  void start(String function, String jobJson, Consumer<String> onMessage, Duration timeout)
      throws BrowserException;

  /** As above, on a page that should be idle. */
  default void start(String function, String jobJson, Consumer<String> onMessage)
      throws BrowserException {
    start(function, jobJson, onMessage, Duration.ofSeconds(15));
  }

  /**
   * Calls the page's global {@code function(argument)}, waits for its promise, and returns the
   * answer as JSON text.
   */
  String call(String function, String argumentJson, Duration timeout) throws BrowserException;

  /** Lines that the page's console has had until now. */
  long printed();

  /**
   * Console messages and uncaught errors after the first {@code from} lines, oldest first, bounded.
   */
  List<String> console(long from);

  /** As above, since the page was opened. */
  default List<String> console() {
    return console(0);
  }

  /** A PNG of what the page shows now. */
  byte[] screenshot() throws BrowserException;

  /**
   * Completes, with the reason, when the page's process died, its realm went away, or its browser
   * did.
   */
  CompletableFuture<String> lost();

  /**
   * What tells that a lost page died because memory ran out: the browser's own words, or the
   * kernel's count of processes that it killed for it. Empty where nothing tells: then that looks
   * like any other crash.
   */
  Optional<String> outOfMemory();

  /** Closes the window; kills its renderer where the page no longer answers. */
  @Override
  void close();
}
