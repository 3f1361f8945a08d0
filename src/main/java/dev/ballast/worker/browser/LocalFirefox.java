package dev.ballast.worker.browser;

import dev.ballast.model.BrowserKind;
import dev.ballast.worker.bidi.BidiConnection;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/** Starts Firefox, which speaks BiDi itself and needs no driver. */
public record LocalFirefox(Path binary, LaunchOptions options) implements BrowserLauncher {
  private static final Pattern LISTENING =
      Pattern.compile("WebDriver BiDi listening on (ws://\\S+)");
  private static final Duration START = Duration.ofSeconds(60);

  @Override
  public BrowserKind kind() {
    return BrowserKind.FIREFOX;
  }

  @Override
  public Browser launch() throws BrowserException {
    Path directory = ProcessTree.directory(options.directory(), kind());
    var command = command(profile(directory));
    var processes = ProcessTree.start(directory, command, LISTENING);
    try {
      String socket = processes.output().await(START);
      var connection = BidiBrowser.connect(URI.create(socket + "/session"));
      connection.acknowledgePromptly();
      var identity = new BidiBrowser.Identity(kind(), newSession(connection), arguments());
      return BidiBrowser.attach(identity, connection, Optional.of(processes), () -> {});
    } catch (BrowserException e) {
      processes.close();
      throw new BrowserException(
          "firefox (%s) did not start: %s".formatted(binary, e.getMessage()), e);
    }
  }

  private Path profile(Path directory) throws BrowserException {
    try {
      Path profile = Files.createDirectory(directory.resolve("profile"));
      Files.writeString(profile.resolve("user.js"), FirefoxPreferences.userJs(options));
      return profile;
    } catch (IOException e) {
      ProcessTree.delete(directory);
      throw new BrowserException("cannot write a profile into " + directory, e);
    }
  }

  private List<String> command(Path profile) {
    var command = new ArrayList<>(List.of(binary.toString()));
    command.addAll(FirefoxPreferences.arguments(options));
    command.addAll(
        List.of("--no-remote", "--remote-debugging-port", "0", "--profile", profile.toString()));
    return command;
  }

  private List<String> arguments() {
    var arguments = new ArrayList<>(FirefoxPreferences.arguments(options));
    FirefoxPreferences.of(options)
        .forEach((name, value) -> arguments.add("%s=%s".formatted(name, value)));
    return List.copyOf(arguments);
  }

  /** Returns the version. */
  private static String newSession(BidiConnection connection) throws BrowserException {
    var wanted = Map.of("unhandledPromptBehavior", Map.of("default", "dismiss"));
    return BidiBrowser.command(
            connection,
            "session.new",
            Map.of("capabilities", Map.of("alwaysMatch", wanted)),
            START,
            new CompletableFuture<>())
        .path("capabilities")
        .path("browserVersion")
        .asText("unknown");
  }
}
