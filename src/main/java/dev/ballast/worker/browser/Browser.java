package dev.ballast.worker.browser;

import dev.ballast.model.BrowserKind;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * A running browser. Every call that speaks to it ends within its own time-out with a {@link
 * BrowserException}.
 */
public interface Browser extends AutoCloseable {
  /** How long a page of our own may take to load. */
  Duration LOAD = Duration.ofSeconds(30);

  BrowserKind kind();

  /** What the browser says its version is. */
  String version();

  /** The arguments and preferences it was started with. */
  List<String> arguments();

  /** An empty window of its own, never a background tab: those are throttled. */
  Page window() throws BrowserException;

  /** Opens {@code url} in a window of its own; a page that cannot be loaded leaves none behind. */
  default Page open(URI url) throws BrowserException {
    Page page = window();
    try {
      page.load(url, LOAD);
      return page;
    } catch (BrowserException e) {
      page.close();
      throw e;
    }
  }

  /** Completes, with the reason, when the browser or its driver is gone or no longer answers. */
  CompletableFuture<String> lost();

  /**
   * Proportional set size of its process tree, or, where that is another user's, nearly that;
   * absent where the processes can't be seen, as those of a browser on another machine.
   */
  OptionalLong memoryBytes();

  /**
   * Ids of its processes as they were at most 5 s ago, those started since are their children; none
   * where they can't be seen.
   */
  List<Long> processIds();

  /** Ends the browser, its driver, and their temporary files, if need be by force. */
  @Override
  void close();
}
