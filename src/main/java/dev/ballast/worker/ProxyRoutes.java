package dev.ballast.worker;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which proxy a model is fetched through, as {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code
 * NO_PROXY} have it: hosts, suffixes of hosts, or {@code *}; in capitals or not.
 */
final class ProxyRoutes extends ProxySelector {
  private final Map<String, Optional<InetSocketAddress>> proxies;
  private final List<String> direct;

  private ProxyRoutes(Map<String, Optional<InetSocketAddress>> proxies, List<String> direct) {
    this.proxies = proxies;
    this.direct = direct;
  }

  /** Throws {@link IllegalArgumentException} where a variable names no proxy. */
  static ProxyRoutes of(Map<String, String> environment) {
    return new ProxyRoutes(
        Map.of(
            "https", address(environment, "HTTPS_PROXY"),
            "http", address(environment, "HTTP_PROXY")),
        variable(environment, "NO_PROXY").stream()
            .flatMap(list -> Splitter.on(',').trimResults().omitEmptyStrings().splitToStream(list))
            .map(host -> host.toLowerCase(Locale.ROOT).replaceFirst("^\\*?\\.", ""))
            .toList());
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name))
        .or(() -> Optional.ofNullable(environment.get(name.toLowerCase(Locale.ROOT))))
        .filter(value -> !value.isBlank());
  }

  private static Optional<InetSocketAddress> address(Map<String, String> environment, String name) {
    return variable(environment, name)
        .map(value -> {
          URI proxy = URI.create(value.contains("://") ? value : "http://" + value);
          if (proxy.getHost() == null || !"http".equals(proxy.getScheme())) {
            throw new IllegalArgumentException(
                "%s=%s names no proxy. Maybe http://proxy.example.com:3128?"
                    .formatted(name, value));
          }
          return InetSocketAddress.createUnresolved(
              proxy.getHost(), proxy.getPort() < 0 ? 80 : proxy.getPort());
        });
  }

  /** The proxy that an address is asked through; empty: it is asked itself. */
  Optional<InetSocketAddress> proxy(URI asked) {
    return isDirect(String.valueOf(asked.getHost()).toLowerCase(Locale.ROOT))
        ? Optional.empty()
        : proxies.getOrDefault(String.valueOf(asked.getScheme()), Optional.empty());
  }

  /** Whether that is the name of a proxy, which may well be in a private network. */
  boolean isProxy(String host) {
    return proxies.values().stream()
        .flatMap(Optional::stream)
        .anyMatch(proxy -> proxy.getHostString().equals(host));
  }

  private boolean isDirect(String host) {
    return direct.stream()
        .anyMatch(name -> name.equals("*") || host.equals(name) || host.endsWith("." + name));
  }

  @Override
  public List<Proxy> select(URI asked) {
    return List.of(
        proxy(asked)
            .map(address ->
                new Proxy(
                    Proxy.Type.HTTP,
                    new InetSocketAddress(address.getHostString(), address.getPort())))
            .orElse(Proxy.NO_PROXY));
  }

  @Override
  public void connectFailed(URI asked, SocketAddress proxy, IOException e) {
    // The download fails with it, and says so.
  }
}
