package dev.ballast.cli.serve;

import dev.ballast.cli.command.CommandException;
import dev.ballast.server.door.Door;
import dev.ballast.server.door.JoinTokens;
import dev.ballast.server.door.SharedToken;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a local service listens, and whom it answers there. */
final class ListenOptions {
  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description =
          "Address to listen on (default: ${DEFAULT-VALUE}). Another one than loopback demands"
              + " --token-file.")
  String host = "127.0.0.1";

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "Answer only whoever shows the token in this file (BALLAST_TOKEN of other commands).")
  @Nullable Path tokenFile;

  @Option(
      names = "--join-tokens",
      paramLabel = "FILE",
      description =
          "Hashes of the tokens of outside workers, as join-token writes them (default: join-tokens"
              + " in the data directory).")
  @Nullable Path joinTokens;

  /** The token to show to the service; throws {@link CommandException} when it demands one. */
  Optional<String> token() {
    Path file = tokenFile;
    if (file == null) {
      if (!isLoopback()) {
        throw CommandException.usage(
            "--host %s: whoever reaches that address could do anything here. Demand a token with:"
                    .formatted(host)
                + " --token-file FILE (openssl rand -hex 32 >FILE)");
      }
      return Optional.empty();
    }
    try {
      String token = Files.readString(file).strip();
      var _ = new SharedToken(token);
      return Optional.of(token);
    } catch (IOException e) {
      throw CommandException.usage(
          "--token-file %s cannot be read: %s".formatted(file, e.getMessage()));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("--token-file %s: %s".formatted(file, e.getMessage()));
    }
  }

  /** Before the service is booted. */
  void announce() {
    if (tokenFile != null) {
      Door.announceGuard();
    }
  }

  /** Once it is up. {@code data}: where the hashes of join tokens lie, if nobody says otherwise. */
  void guard(Door door, Path data) {
    token()
        .ifPresent(token ->
            door.post(
                new SharedToken(token)
                    .joinedBy(new JoinTokens(joinTokens(data), InstantSource.system()))));
  }

  private Path joinTokens(Path data) {
    Path given = joinTokens;
    return given == null ? data.resolve(JoinTokenCommand.FILE) : given;
  }

  boolean isLoopback() {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw CommandException.usage("--host %s: is no address of this machine".formatted(host));
    }
  }
}
