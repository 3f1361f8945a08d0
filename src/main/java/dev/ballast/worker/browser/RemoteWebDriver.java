package dev.ballast.worker.browser;

import dev.ballast.model.BrowserKind;
import dev.ballast.worker.bidi.BidiConnection;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Starts a browser through a WebDriver server that runs elsewhere: the sidecar of a pod, a grid, a
 * device farm.
 *
 * @param endpoint what {@code /session} is appended to, for example {@code http://localhost:4444}
 */
public record RemoteWebDriver(URI endpoint, BrowserKind kind, LaunchOptions options)
    implements BrowserLauncher {

  @Override
  public Browser launch() throws BrowserException {
    try {
      var session = WebDriverSession.create(endpoint, Capabilities.remote(kind, options));
      try {
        var connection = connect(session.webSocket());
        var identity =
            new BidiBrowser.Identity(kind, session.browserVersion(), options.arguments());
        return BidiBrowser.attachTo(identity, connection, footprint(session), session::close);
      } catch (BrowserException e) {
        session.close();
        throw e;
      }
    } catch (BrowserException e) {
      throw new BrowserException("no %s at %s: %s".formatted(kind, endpoint, e.getMessage()), e);
    }
  }

  /** Of a browser on this machine, whoever has started it there. */
  private Optional<NeighbourProcesses> footprint(WebDriverSession session) {
    return isLoopback(endpoint) ? NeighbourProcesses.of(session.capabilities()) : Optional.empty();
  }

  /** A server names the address that it knows itself by, which may mean nothing out here. */
  private BidiConnection connect(URI given) throws BrowserException {
    BrowserException failure = new BrowserException("no address to try");
    for (URI address : addresses(given)) {
      try {
        return BidiBrowser.connect(address);
      } catch (BrowserException e) {
        e.addSuppressed(failure);
        failure = e;
      }
    }
    throw failure;
  }

  /** As given; with the endpoint's host; with its port and scheme too. */
  List<URI> addresses(URI given) {
    var addresses = new ArrayList<URI>();
    // A far server's "localhost" is not ours, and whoever listens here must not be asked.
    if (!isLoopback(given) || isLoopback(endpoint)) {
      addresses.add(given);
    }
    addresses.add(with(given, given.getScheme(), given.getPort()));
    String scheme = "https".equals(endpoint.getScheme()) ? "wss" : "ws";
    addresses.add(with(given, scheme, endpoint.getPort()));
    return addresses.stream().distinct().toList();
  }

  private URI with(URI given, String scheme, int port) {
    try {
      return new URI(
          scheme,
          endpoint.getUserInfo(),
          endpoint.getHost(),
          port,
          given.getPath(),
          given.getQuery(),
          null);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("parts of URIs make no URI: " + given, e);
    }
  }

  private static boolean isLoopback(URI uri) {
    try {
      return InetAddress.getByName(uri.getHost()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
