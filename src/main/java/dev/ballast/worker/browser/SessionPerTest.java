package dev.ballast.worker.browser;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Starts a browser for each test and ends it after, as most test suites do: through one driver
 * process that stays up, or, where the browser needs no driver, by itself. What Ballast's warm
 * browsers are measured against.
 */
public final class SessionPerTest implements AutoCloseable {
  private static final Duration DRIVER_START = Duration.ofSeconds(30);

  private final InstalledBrowser browser;
  private final LaunchOptions options;
  private final @Nullable ProcessTree driver;
  private final URI endpoint;

  private SessionPerTest(
      InstalledBrowser browser, LaunchOptions options, @Nullable ProcessTree driver, URI endpoint) {
    this.browser = browser;
    this.options = options;
    this.driver = driver;
    this.endpoint = endpoint;
  }

  /** Starts the driver, where there is one. */
  public static SessionPerTest with(InstalledBrowser browser, LaunchOptions options)
      throws BrowserException {
    Optional<Path> binary = browser.driver();
    if (binary.isEmpty()) {
      return new SessionPerTest(browser, options, null, URI.create("about:blank"));
    }
    Path directory = ProcessTree.directory(options.directory(), browser.kind());
    ProcessTree driver =
        ProcessTree.start(
            directory, LocalChromium.driverCommand(binary.get()), LocalChromium.LISTENING);
    try {
      String port = driver.output().await(DRIVER_START);
      return new SessionPerTest(browser, options, driver, URI.create("http://127.0.0.1:" + port));
    } catch (BrowserException e) {
      driver.close();
      throw e;
    }
  }

  /** A new session in a browser of its own; closing it ends both. */
  public Browser open() throws BrowserException {
    if (driver == null) {
      return browser.launcher(options).launch();
    }
    var arguments = ChromiumArguments.onThisMachine(options);
    var session =
        WebDriverSession.create(
            endpoint, Capabilities.local(browser.kind(), browser.binary(), arguments));
    try {
      var connection = BidiBrowser.connect(session.webSocket());
      var identity = new BidiBrowser.Identity(browser.kind(), session.browserVersion(), arguments);
      return BidiBrowser.attach(identity, connection, Optional.empty(), session::close);
    } catch (BrowserException e) {
      session.close();
      throw e;
    }
  }

  /** Ends the driver, and what of its browsers is left. */
  @Override
  public void close() {
    if (driver != null) {
      driver.close();
    }
  }
}
