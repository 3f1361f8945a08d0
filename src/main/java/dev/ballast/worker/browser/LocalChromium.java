package dev.ballast.worker.browser;

import dev.ballast.model.BrowserKind;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Starts Chromium, Chrome or Edge, each with a driver process of its own: a driver that dies takes
 * one browser with it, not all.
 */
public record LocalChromium(BrowserKind kind, Path binary, Path driver, LaunchOptions options)
    implements BrowserLauncher {
  static final Pattern LISTENING = Pattern.compile("started successfully on port (\\d+)");
  private static final Duration DRIVER_START = Duration.ofSeconds(30);

  /** Port 0: the system picks one, so that drivers which start together never meet. */
  static List<String> driverCommand(Path driver, String... more) {
    return Stream.concat(Stream.of(driver.toString(), "--port=0"), Stream.of(more)).toList();
  }

  @Override
  public Browser launch() throws BrowserException {
    Path directory = ProcessTree.directory(options.directory(), kind);
    // The browser's own output tells why a page died; the driver throws it away unless asked.
    var command = driverCommand(driver, "--enable-chrome-logs");
    var processes = ProcessTree.start(directory, command, LISTENING);
    try {
      String port = processes.output().await(DRIVER_START);
      List<String> arguments = ChromiumArguments.onThisMachine(options);
      var withProfile = new ArrayList<>(arguments);
      withProfile.add("--user-data-dir=" + directory.resolve("profile"));
      var session =
          WebDriverSession.create(
              URI.create("http://127.0.0.1:" + port),
              Capabilities.local(kind, binary, withProfile));
      var connection = BidiBrowser.connect(session.webSocket());
      var identity = new BidiBrowser.Identity(kind, session.browserVersion(), arguments);
      // The processes are killed; a session that ends politely would only take longer.
      return BidiBrowser.attach(identity, connection, Optional.of(processes), session::abandon);
    } catch (BrowserException e) {
      String lastWords = processes.output().lastWords();
      processes.close();
      throw new BrowserException(
          "%s (%s) did not start: %s. Its driver said: %s"
              .formatted(kind, binary, e.getMessage(), lastWords),
          e);
    }
  }
}
