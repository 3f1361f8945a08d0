package dev.ballast.cli.serve;

import dev.ballast.cli.command.CommandException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** TLS of the service, from a folder such as a mounted Secret of type kubernetes.io/tls. */
final class TlsOptions {
  @Option(
      names = "--tls",
      paramLabel = "DIR",
      description =
          "Speak TLS only, with tls.crt and tls.key of this folder; they are read again when they"
              + " change.")
  @Nullable Path folder;

  @Option(
      names = "--tls-reload",
      paramLabel = "DURATION",
      hidden = true,
      description = "How often they are looked at (default: ${DEFAULT-VALUE}).")
  String reload = "10s";

  boolean on() {
    return folder != null;
  }

  /** The certificate, where there is one. */
  @Nullable Path certificate() {
    return folder == null ? null : folder.resolve("tls.crt");
  }

  /** Before the service is booted; throws {@link CommandException} when a file is missing. */
  void configure(int port) {
    Path dir = folder;
    if (dir == null) {
      return;
    }
    for (String name : new String[] {"tls.crt", "tls.key"}) {
      if (!Files.isReadable(dir.resolve(name))) {
        throw CommandException.usage("--tls %s: there is no readable %s".formatted(dir, name));
      }
    }
    System.setProperty("quarkus.tls.api.key-store.pem.api.cert", dir.resolve("tls.crt").toString());
    System.setProperty("quarkus.tls.api.key-store.pem.api.key", dir.resolve("tls.key").toString());
    System.setProperty("quarkus.tls.api.reload-period", reload);
    System.setProperty("quarkus.http.tls-configuration-name", "api");
    System.setProperty("quarkus.http.ssl-port", String.valueOf(port));
    System.setProperty("quarkus.http.insecure-requests", "disabled");
  }
}
