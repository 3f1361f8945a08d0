package dev.ballast.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;

/** The loopback address that the service of this process listens on; chosen before it is booted. */
record LocalServer(int port) {

  /** That port, if it is free; throws {@link CommandException} when it is not. */
  static LocalServer onPort(int port) {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return new LocalServer(probe.getLocalPort());
    } catch (IOException e) {
      throw CommandException.environment(
          "port %d of 127.0.0.1 cannot be had (%s). Use another with: --port %d"
              .formatted(port, e.getMessage(), port < 65535 ? port + 1 : port - 1));
    }
  }

  static LocalServer onAnyPort() {
    return onPort(0);
  }

  /** Makes the service listen there. */
  void configure() {
    System.setProperty("quarkus.http.host", "127.0.0.1");
    System.setProperty("quarkus.http.port", String.valueOf(port));
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + port);
  }
}
