package dev.ballast.cli.serve;

import dev.ballast.cli.command.CommandException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;

/** The address that the service of this process listens on; chosen before it is booted. */
public record LocalServer(String host, int port, boolean tls) {

  /** That port, if it is free; throws {@link CommandException} when it is not. */
  static LocalServer on(String host, int port, boolean tls) {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getByName(host))) {
      return new LocalServer(host, probe.getLocalPort(), tls);
    } catch (IOException e) {
      throw CommandException.environment(
          "port %d of %s cannot be had (%s). Use another with: --port %d"
              .formatted(port, host, e.getMessage(), port < 65535 ? port + 1 : port - 1));
    }
  }

  public static LocalServer onAnyPort() {
    return on("127.0.0.1", 0, false);
  }

  /** Makes the service listen there. */
  void configure() {
    System.setProperty("quarkus.http.host", host);
    System.setProperty("quarkus.http.port", String.valueOf(port));
  }

  public URI address() {
    boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
    String name = everywhere ? "127.0.0.1" : host.contains(":") ? "[" + host + "]" : host;
    return URI.create((tls ? "https://" : "http://") + name + ":" + port);
  }
}
